"""Change token: another value whenever something that readers could see was changed or taken away.

Shared by all processes outside of the database, in Redis or in a file under NEWSROOM_DATA, so that a
copy from before a withdrawal can be told from one after it while the database is away
(newsroom/http/stale_if_error.py).  Renewed before the commit, and after it before whoever asked for the
change is answered.
"""

import logging
import os
import threading
import time
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import transaction

from newsroom.conf.environment import DATA_DIR

logger = logging.getLogger(__name__)
TOKEN_REDIS_KEY = "newsroom:change-token"  # noqa: S105  # a key, no password
TOKEN_FILE = DATA_DIR / "change-token"
TOKEN_MAX_AGE_SECONDS = 0.25
TOKEN_REDIS_TIMEOUT_SECONDS = 0.5
TOKEN_REDIS_RETRY_SECONDS = 2.0


@cache
def token_redis_client(url: str) -> Any:
    timeouts = dict.fromkeys(
        ("socket_timeout", "socket_connect_timeout"), TOKEN_REDIS_TIMEOUT_SECONDS
    )
    return redis.Redis.from_url(url, decode_responses=True, retry=None, **timeouts)


class ChangeToken:
    """One for a process, shared by its threads."""

    def __init__(self) -> None:
        self.value: str | None = None
        self.read_at = float("-inf")
        self.retry_at = float("-inf")  # for writing to a Redis that is away
        self.guard = threading.Lock()

    def read(self) -> str | None:
        """The token, a quarter of a second old at most; None where nobody knows it."""
        if time.monotonic() >= self.read_at + TOKEN_MAX_AGE_SECONDS:
            with self.guard:
                if time.monotonic() >= self.read_at + TOKEN_MAX_AGE_SECONDS:
                    self.value, self.read_at = self.look()
        return self.value

    def look(self) -> tuple[str | None, float]:
        """The token and when it was read, which is later than now where asking again is in vain."""
        began = time.monotonic()
        try:
            return (
                read_token_in_redis() if settings.REDIS_URL else read_token_file(TOKEN_FILE)
            ), began
        except redis.RedisError:
            return None, time.monotonic() + TOKEN_REDIS_RETRY_SECONDS
        except OSError:
            return None, began

    def renew(self) -> None:
        """Every copy made before now is one from before the change. Never raises: the change is made."""
        fresh = str(uuid.uuid4())
        self.value, self.read_at = None, float("-inf")
        if time.monotonic() < self.retry_at:
            return
        try:
            if settings.REDIS_URL:
                token_redis_client(settings.REDIS_URL).set(TOKEN_REDIS_KEY, fresh)
            else:
                write_token_file(TOKEN_FILE, fresh)
        except (redis.RedisError, OSError) as error:
            if isinstance(error, redis.RedisError):
                self.retry_at = time.monotonic() + TOKEN_REDIS_RETRY_SECONDS
            logger.warning("Other processes do not learn of a change: %s", error)


def read_token_in_redis() -> str:
    """The token in Redis, made where there is none."""
    there = token_redis_client(settings.REDIS_URL)
    there.set(TOKEN_REDIS_KEY, str(uuid.uuid4()), nx=True)
    return str(there.get(TOKEN_REDIS_KEY))


def read_token_file(file: Path) -> str:
    """The token in the file, made where there is none. Raises OSError."""
    if not file.exists():
        write_token_file(file, str(uuid.uuid4()))
    return file.read_text()


def write_token_file(file: Path, token: str) -> None:
    """Replace the file as a whole; where the disk is full, take it away, so that no old token is read.
    Raises OSError."""
    part = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        part.write_text(token)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        raise


change_token = ChangeToken()


def renew_on_commit() -> None:
    """Renew the token before the commit, whose outcome may never be known, and after it, for copies that
    were made meanwhile."""
    change_token.renew()
    transaction.on_commit(change_token.renew)
