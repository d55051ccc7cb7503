"""Cache backend on Redis that falls back to local memory while Redis is unavailable.

The cache holds the counters of rate limits (newsroom/api/throttling.py) and of sign-in attempts: while
Redis is unavailable each process counts for itself, and nobody is locked out. A circuit breaker tries
Redis again every few seconds, so that no request waits for it twice. The two stores are not synchronised.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from newsroom import clock
from newsroom.observability.metrics import count_cache_fallback
from newsroom.redis_connections import redis_pool

logger = logging.getLogger(__name__)
CACHE_TIMEOUT_SECONDS = 0.5
CACHE_RETRY_SECONDS = 5.0
MAX_LOCAL_ENTRIES = 100_000
LOCAL_CACHE_OPTIONS = {"OPTIONS": {"MAX_ENTRIES": MAX_LOCAL_ENTRIES}}
# One key each, so that they run on a cluster too.
DECREMENT_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('DECR', KEYS[1]) < 0 then
  redis.call('DEL', KEYS[1])
end
return 0
"""
# ARGV: the time, seconds of a window. A window that ends much later than one that begins now is of before
# the clock was set back; a little later is that of another process or request.
WINDOW_SCRIPT = """
local now, seconds = tonumber(ARGV[1]), tonumber(ARGV[2])
local ends_at = redis.call('HGET', KEYS[1], 'ends_at')
if not ends_at or tonumber(ends_at) <= now or tonumber(ends_at) > now + seconds + 5 then
  ends_at = string.format('%.6f', now + seconds)
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'ends_at', ends_at)
  redis.call('EXPIRE', KEYS[1], math.ceil(seconds) + 1)
end
return {redis.call('HINCRBY', KEYS[1], 'used', 1), ends_at}
"""
UNCOUNT_SCRIPT = """
if redis.call('HGET', KEYS[1], 'ends_at') == string.format('%.6f', tonumber(ARGV[1])) then
  redis.call('HINCRBY', KEYS[1], 'used', -1)
end
return 0
"""


def redis_pool_options() -> dict[str, Any]:
    """Options of the connection pool: short timeouts, and one retry for a connection closed by a
    restart."""
    return {
        "socket_connect_timeout": CACHE_TIMEOUT_SECONDS,
        "socket_timeout": CACHE_TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 1),
    }


class RedisAvailability:
    """Circuit breaker for one Redis, shared by the threads of a process."""

    def __init__(self) -> None:
        self.retry_at = float("-inf")
        self.is_unavailable = False
        self.guard = threading.Lock()

    def should_try_redis(self) -> bool:
        """Whether to try Redis now; while it is unavailable, one thread does every CACHE_RETRY_SECONDS."""
        with self.guard:
            if not self.is_unavailable:
                return True
            if clock.monotonic() < self.retry_at:
                return False
            self.retry_at = clock.monotonic() + CACHE_RETRY_SECONDS
            return True

    def record_failure(self, error: Exception) -> None:
        with self.guard:
            was_unavailable, self.is_unavailable = self.is_unavailable, True
            self.retry_at = clock.monotonic() + CACHE_RETRY_SECONDS
        if not was_unavailable:
            logger.warning(
                "Redis is unavailable, rate limits are counted by each process alone: %s", error
            )

    def record_success(self) -> None:
        if self.is_unavailable:
            self.is_unavailable = False
            logger.warning(
                "Redis is available again, rate limits are counted by all processes together."
            )


availability = RedisAvailability()


def increment_one_by_one(store: BaseCache, lifetimes: Mapping[str, int]) -> list[int]:
    """Add one to each of these counters of a cache in memory; the new values."""
    values = []
    for key, seconds in lifetimes.items():
        store.add(key, 0, seconds)
        try:
            values.append(store.incr(key))
        except ValueError:  # ended between the two
            store.set(key, 1, seconds)
            values.append(1)
    return values


def decrement_one_by_one(store: BaseCache, keys: Iterable[str]) -> None:
    """Take one from each of these counters of a cache in memory; those that have ended stay so."""
    for key in keys:
        try:
            if store.decr(key) < 0:  # the counter was lost meanwhile
                store.delete(key)
        except ValueError:  # ended, or not counted
            continue


def decrement_counters(keys: Iterable[str]) -> None:
    """Take back what `increment_counters` has added to these counters of the default cache."""
    store = caches["default"]
    if isinstance(store, FallbackRedisCache):
        store.decrement_many(list(keys))
    else:
        decrement_one_by_one(store, keys)


def increment_counters(lifetimes: Mapping[str, int]) -> list[int]:
    """Add one to each of these counters of the default cache, which last so many seconds; the values."""
    store = caches["default"]
    if isinstance(store, FallbackRedisCache):
        return store.increment_many(lifetimes)
    return increment_one_by_one(store, lifetimes)


class AddressedRedisCacheClient(RedisCacheClient):
    """Client of Django's Redis cache for any address of REDIS_URL, Sentinels included."""

    _servers: list[str]  # one address
    _pools: dict[int, Any]
    _pool_options: dict[str, Any]

    def _get_connection_pool(self, write: bool) -> Any:
        if not self._pools:
            self._pools[0] = redis_pool(self._servers[0], **self._pool_options)
        return self._pools[0]


class FallbackRedisCache(RedisCache):
    """Django's Redis cache backend; an operation that fails in Redis is done in local memory instead."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = redis_pool_options() | params.get("OPTIONS", {})
        # As a list: Django would split an address at its commas.
        super().__init__([server], params | {"OPTIONS": options})
        self._class = AddressedRedisCacheClient
        self.local = LocMemCache("redis-is-away", params | LOCAL_CACHE_OPTIONS)

    def _do(self, operation: str, *args: Any, **options: Any) -> Any:
        if availability.should_try_redis():
            redis_operation: Callable[..., Any] = getattr(super(), operation)
            try:
                result = redis_operation(*args, **options)
            except RedisError as error:
                availability.record_failure(error)
            else:
                availability.record_success()
                return result
        count_cache_fallback(operation)
        local: BaseCache = self.local
        return getattr(local, operation)(*args, **options)

    def increment_many(self, lifetimes: Mapping[str, int]) -> list[int]:
        """Add one to each of these counters, which last so many seconds from now; the new values.

        One round trip to Redis.
        """
        if availability.should_try_redis():
            try:
                pipeline = self._cache.get_client(None, write=True).pipeline(transaction=False)
                for key, seconds in lifetimes.items():
                    name = self.make_and_validate_key(key)
                    pipeline.incr(name)
                    pipeline.expire(name, seconds)
                values: list[int] = pipeline.execute()[::2]
            except RedisError as error:
                availability.record_failure(error)
            else:
                availability.record_success()
                return values
        count_cache_fallback("increment_many")
        return increment_one_by_one(self.local, lifetimes)

    def decrement_many(self, keys: Sequence[str]) -> None:
        """Take one from each of these counters; those that have ended stay so. One round trip to Redis."""
        names = [self.make_and_validate_key(key) for key in keys]
        if self.run_scripts([(DECREMENT_SCRIPT, name, ()) for name in names]) is None:
            count_cache_fallback("decrement_many")
            decrement_one_by_one(self.local, keys)

    def count_in_window(self, key: str, *, seconds: int, now: float) -> tuple[int, float] | None:
        """Count in a window that begins with the first count: how many, and when it ends.

        One round trip to Redis. None while Redis is unavailable.
        """
        script = (WINDOW_SCRIPT, self.make_and_validate_key(f"{key}:window"), (now, seconds))
        if (results := self.run_scripts([script])) is None:
            return None
        used, ends_at = results[0]
        return int(used), float(ends_at)

    def uncount_in_window(self, key: str, *, ends_at: float) -> None:
        """Take back one count of the window that ends then, if it still lasts."""
        name = self.make_and_validate_key(f"{key}:window")
        self.run_scripts([(UNCOUNT_SCRIPT, name, (ends_at,))])

    def run_scripts(self, scripts: Sequence[tuple[str, str, Sequence[float]]]) -> list[Any] | None:
        """Run scripts of one key each in one round trip; None while Redis is unavailable."""
        if not availability.should_try_redis():
            return None
        try:
            pipeline = self._cache.get_client(None, write=True).pipeline(transaction=False)
            for script, name, arguments in scripts:
                pipeline.eval(script, 1, name, *map(repr, arguments))
            results: list[Any] = pipeline.execute()
        except RedisError as error:
            availability.record_failure(error)
            return None
        availability.record_success()
        return results

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
