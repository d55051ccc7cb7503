"""Rate limits of write requests: fixed windows counted in the cache, 429, and RateLimit headers.

A window begins with a client's first request; the counter is incremented atomically. Responses to writes
carry `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10); public reads do not,
since caches share them. Best effort: what must never happen is a database constraint.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from newsroom.fallback_cache import FallbackRedisCache
from newsroom.http.client_ip import client_throttle_key

logger = logging.getLogger(__name__)
SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SIGNED_IN_SUFFIX = "_signed_in"
ATTEMPT_SCOPE = "form_attempt"
MAX_WINDOW_TRIES = 5  # a window may end between two cache reads; hardly ever twice


@dataclass(frozen=True)
class RatePolicy:
    """A rate limit: `max_requests` in a window of `seconds`."""

    name: str
    max_requests: int
    seconds: int

    @classmethod
    def for_scope(cls, scope: str, *, signed_in: bool) -> "RatePolicy | None":
        """The rate limit of a throttle scope in the settings; None if it is switched off."""
        rates: Any = api_settings.DEFAULT_THROTTLE_RATES
        name = (
            scope + SIGNED_IN_SUFFIX if signed_in and rates.get(scope + SIGNED_IN_SUFFIX) else scope
        )
        if not (rate := rates[name]):
            return None
        max_requests, _slash, unit = rate.partition("/")
        return cls(name, int(max_requests), SECONDS_BY_UNIT[unit[0]])

    def __str__(self) -> str:
        return f'"{self.name}";q={self.max_requests};w={self.seconds}'


@dataclass(frozen=True)
class RateUsage:
    """Requests of one client in the current window, this one included; `window_ends_at` in epoch
    seconds."""

    policy: RatePolicy
    used: int
    window_ends_at: float

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.policy.max_requests

    @property
    def seconds_left(self) -> int:
        return max(1, min(self.policy.seconds, math.ceil(self.window_ends_at - time.time())))

    def __str__(self) -> str:
        left = max(0, self.policy.max_requests - self.used)
        return f'"{self.policy.name}";r={left};t={self.seconds_left}'


def count_request(policy: RatePolicy, *, client: str) -> RateUsage | None:
    """Count one request of a client; None, that is no limit, if the cache is unavailable.

    One round trip where Redis is the cache.
    """
    window = f"limit:{policy.name}:{client}"
    if isinstance(store := caches["default"], FallbackRedisCache):
        counted = store.count_in_window(window, seconds=policy.seconds, now=time.time())
        if counted is not None:
            return RateUsage(policy, *counted)
    try:
        return count_in_memory(policy, window)
    except RedisError as error:
        logger.warning("Rate limits are not counted: %s", error)
    return None


def count_in_memory(policy: RatePolicy, window: str) -> RateUsage | None:
    """Count one request in a cache that may be shared by threads."""
    for _ in range(MAX_WINDOW_TRIES):
        ends_at = cache.get(window)
        if ends_at is not None and ends_at > time.time() + policy.seconds:
            cache.delete(window)  # of before the clock was set back: it would last too long
            ends_at = None
        if ends_at is None:
            # Of several requests that begin a window, one succeeds; all read it in the next round.
            cache.add(window, time.time() + policy.seconds, policy.seconds)
            continue
        counter = f"{window}:{ends_at}"
        cache.add(counter, 0, policy.seconds + 1)
        try:
            return RateUsage(policy, cache.incr(counter), ends_at)
        except ValueError:  # the window has just ended
            continue
    return None


def uncount_request(usage: RateUsage, *, client: str) -> None:
    """Take back the count of a request, such as a successful sign-in."""
    window = f"limit:{usage.policy.name}:{client}"
    if isinstance(store := caches["default"], FallbackRedisCache):
        store.uncount_in_window(window, ends_at=usage.window_ends_at)
    try:
        cache.decr(f"{window}:{usage.window_ends_at}")
    except (RedisError, ValueError):  # not counted, or the window is over
        return


def refund_refused_request(request: HttpRequest, response: HttpResponseBase) -> RateUsage | None:
    """The usage to report for a response; a refused request of AcceptedWriteThrottle is not counted."""
    usage: RateUsage | None = getattr(request, "rate_usage", None)
    client: str = getattr(request, "refundable_client", "")
    if usage is None or not client or response.status_code < HTTPStatus.BAD_REQUEST:
        return usage
    uncount_request(usage, client=client)
    return replace(usage, used=usage.used - 1)


class WriteThrottle(BaseThrottle):
    """DRF throttle of writes by the view's `throttle_scope`, per account if signed in, else per client
    address.

    Reads pass. Beyond the limit 429 with Retry-After in seconds; refused attempts do not prolong the
    window.
    """

    usage: RateUsage | None = None
    client = ""

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope = getattr(view, "throttle_scope", None)
        if request.method in SAFE_METHODS or not scope:
            return True
        self.usage = self.count(request, scope)
        request._request.rate_usage = self.usage  # type: ignore[attr-defined]  # for the middleware
        return self.usage is None or not self.usage.is_exceeded

    def count(self, request: Request, scope: str) -> RateUsage | None:
        """Count the request in a scope; None if that has no limit."""
        account = request.user.pk if request.user and request.user.is_authenticated else None
        if (policy := RatePolicy.for_scope(scope, signed_in=account is not None)) is None:
            return None
        address = client_throttle_key(request.META, proxies=settings.TRUSTED_PROXIES)
        self.client = f"account-{account}" if account else address
        return count_request(policy, client=self.client)

    def wait(self) -> float | None:
        return self.usage.seconds_left if self.usage else None


class AcceptedWriteThrottle(WriteThrottle):
    """DRF throttle of forms with a small limit by the hour, which counts accepted requests alone.

    Who mistypes an address may correct it. All attempts count in ATTEMPT_SCOPE, a larger limit.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return True
        self.usage = self.count(request, ATTEMPT_SCOPE)
        if self.usage is not None and self.usage.is_exceeded:
            request._request.rate_usage = self.usage  # type: ignore[attr-defined]  # for the middleware
            return False
        is_allowed = super().allow_request(request, view)
        request._request.refundable_client = self.client  # type: ignore[attr-defined]
        return is_allowed


class RateLimitHeadersMiddleware:
    """Sets `RateLimit` and `RateLimit-Policy` on responses to counted requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        usage = refund_refused_request(request, response)
        if usage is not None:
            response["RateLimit-Policy"], response["RateLimit"] = str(usage.policy), str(usage)
        return response
