"""Change token: a value that changes whenever something public was changed or taken away.

Shared by all processes outside of the database, in Redis or in a file under NEWSROOM_DATA, so that a cached
response from before a withdrawal can be told from one after it while the database is unavailable
(newsroom/http/stale_if_error.py). Renewed before the commit, and after it before the client gets a
response.
"""

import logging
import os
import threading
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import transaction

from newsroom import clock
from newsroom.conf.environment import DATA_DIR
from newsroom.redis_connections import redis_client

logger = logging.getLogger(__name__)
REDIS_KEY = "newsroom:change-token"
TOKEN_FILE = DATA_DIR / "change-token"
TOKEN_MAX_AGE_SECONDS = 0.25
TOKEN_REDIS_TIMEOUT_SECONDS = 0.5
TOKEN_REDIS_RETRY_SECONDS = 2.0


@cache
def token_redis_client(url: str) -> Any:
    timeouts = dict.fromkeys(
        ("socket_timeout", "socket_connect_timeout"), TOKEN_REDIS_TIMEOUT_SECONDS
    )
    return redis_client(url, decode_responses=True, retry=None, **timeouts)


class ChangeToken:
    """The token, one object for a process, shared by its threads."""

    def __init__(self) -> None:
        self.value: str | None = None
        self.read_at = float("-inf")
        self.retry_at = float("-inf")  # for writes, while Redis is unavailable
        self.guard = threading.Lock()

    def read(self) -> str | None:
        """The token, at most TOKEN_MAX_AGE_SECONDS old; None if it cannot be read."""
        if clock.monotonic() >= self.read_at + TOKEN_MAX_AGE_SECONDS:
            with self.guard:
                if clock.monotonic() >= self.read_at + TOKEN_MAX_AGE_SECONDS:
                    self.value, self.read_at = self.fetch()
        return self.value

    def fetch(self) -> tuple[str | None, float]:
        """The token and when it was read; a later time than now while Redis is not to be tried again."""
        began = clock.monotonic()
        try:
            if settings.REDIS_URL:
                return read_token_in_redis(), began
            return read_token_file(TOKEN_FILE), began
        except redis.RedisError:
            return None, clock.monotonic() + TOKEN_REDIS_RETRY_SECONDS
        except OSError:
            return None, began

    def renew(self) -> None:
        """Set a new token, so that no response rendered before now is served stale. Never raises."""
        token = str(uuid.uuid4())
        self.value, self.read_at = None, float("-inf")
        if clock.monotonic() < self.retry_at:
            return
        try:
            if settings.REDIS_URL:
                token_redis_client(settings.REDIS_URL).set(REDIS_KEY, token)
            else:
                write_token_file(TOKEN_FILE, token)
        except (redis.RedisError, OSError) as error:
            if isinstance(error, redis.RedisError):
                self.retry_at = clock.monotonic() + TOKEN_REDIS_RETRY_SECONDS
            logger.warning("The change token could not be written for other processes: %s", error)


def read_token_in_redis() -> str:
    """The token in Redis, created if there is none. Raises RedisError."""
    client = token_redis_client(settings.REDIS_URL)
    client.set(REDIS_KEY, str(uuid.uuid4()), nx=True)
    return str(client.get(REDIS_KEY))


def read_token_file(file: Path) -> str:
    """The token in the file, created if there is none. Raises OSError."""
    if not file.exists():
        write_token_file(file, str(uuid.uuid4()))
    return file.read_text()


def write_token_file(file: Path, token: str) -> None:
    """Replace the file atomically; on a full disk delete it, so that no older token is read. Raises
    OSError."""
    temporary = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        temporary.write_text(token)
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        raise


change_token = ChangeToken()


def renew_on_commit() -> None:
    """Renew the token now and after the commit.

    Now, since the outcome of a commit may never be known; after it, for responses rendered in between.
    """
    change_token.renew()
    transaction.on_commit(change_token.renew)
