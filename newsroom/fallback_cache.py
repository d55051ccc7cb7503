"""Redis cache backend that falls back to the process's own memory while Redis is away.

What is cached are counters of limits (newsroom/api/throttling.py, allauth's sign-in limits): while Redis is
away each process counts for itself, and nobody is locked out.  A circuit breaker asks Redis again every
few seconds, so that no request waits for it twice.  Neither store learns of what the other counted.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from newsroom.observability.metrics import count_cache_fallback

logger = logging.getLogger(__name__)
CACHE_TIMEOUT_SECONDS = 0.5
CACHE_RETRY_SECONDS = 5.0
MAX_LOCAL_ENTRIES = 100_000
LOCAL_CACHE_OPTIONS = {"OPTIONS": {"MAX_ENTRIES": MAX_LOCAL_ENTRIES}}


def redis_pool_options() -> dict[str, Any]:
    """Options of the connection pool: short timeouts; one more attempt, for a connection that was
    closed by a restart of Redis."""
    return {
        "socket_connect_timeout": CACHE_TIMEOUT_SECONDS,
        "socket_timeout": CACHE_TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 1),
    }


class RedisAvailability:
    """Circuit breaker for one Redis, shared by the threads of a process."""

    def __init__(self) -> None:
        self.retry_at = float("-inf")
        self.is_away = False
        self.guard = threading.Lock()

    def should_try_redis(self) -> bool:
        """Whether to ask Redis now; while it is away one thread asks, the others go on without it."""
        with self.guard:
            if not self.is_away:
                return True
            if time.monotonic() < self.retry_at:
                return False
            self.retry_at = time.monotonic() + CACHE_RETRY_SECONDS
            return True

    def note_failure(self, error: Exception) -> None:
        with self.guard:
            was_away, self.is_away = self.is_away, True
            self.retry_at = time.monotonic() + CACHE_RETRY_SECONDS
        if not was_away:
            logger.warning("Redis is away, limits are counted by each process alone: %s", error)

    def note_success(self) -> None:
        if self.is_away:
            self.is_away = False
            logger.warning("Redis answers again, limits are counted by all processes together.")


availability = RedisAvailability()


class FallbackRedisCache(RedisCache):
    """Django's Redis cache; each operation that Redis cannot do is done in local memory instead."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = redis_pool_options() | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self.local = LocMemCache("redis-is-away", params | LOCAL_CACHE_OPTIONS)

    def _do(self, operation: str, *args: Any, **options: Any) -> Any:
        if availability.should_try_redis():
            ask: Callable[..., Any] = getattr(super(), operation)
            try:
                answer = ask(*args, **options)
            except RedisError as error:
                availability.note_failure(error)
            else:
                availability.note_success()
                return answer
        count_cache_fallback(operation)
        there: BaseCache = self.local
        return getattr(there, operation)(*args, **options)

    def add(self, *args: Any, **options: Any) -> Any:
        return self._do("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        return self._do("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        return self._do("set", *args, **options)

    def touch(self, *args: Any, **options: Any) -> Any:
        return self._do("touch", *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._do("delete", *args, **options)

    def get_many(self, *args: Any, **options: Any) -> Any:
        return self._do("get_many", *args, **options)

    def has_key(self, *args: Any, **options: Any) -> Any:
        return self._do("has_key", *args, **options)

    def incr(self, *args: Any, **options: Any) -> Any:
        return self._do("incr", *args, **options)

    def set_many(self, *args: Any, **options: Any) -> Any:
        return self._do("set_many", *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> Any:
        return self._do("delete_many", *args, **options)

    def clear(self) -> Any:
        return self._do("clear")
