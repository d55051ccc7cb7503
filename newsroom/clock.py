"""Monotonic clock of caches, circuit breakers and retries; tests replace `clock.monotonic` instead of
sleeping.

Always called as `clock.monotonic()`, so that a replacement is seen everywhere.
"""

from time import monotonic

__all__ = ["monotonic"]
