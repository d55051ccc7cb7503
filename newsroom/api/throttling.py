"""How often somebody may write. No promise of the house: constraints keep those.

A window begins with somebody's first request and ends for itself; in it the cache counts, in one step
that no two requests can take at once.  What is left stands in `RateLimit` and `RateLimit-Policy`
(draft-ietf-httpapi-ratelimit-headers-10), on writes alone: a public read may be given to anybody, and
says nothing of anybody.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from newsroom.http.client_ip import client_throttle_key

logger = logging.getLogger(__name__)
SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SIGNED_IN_SUFFIX = "_signed_in"
MAX_WINDOW_TRIES = 5  # a window may end between two looks at it; hardly ever twice


@dataclass(frozen=True)
class RatePolicy:
    """So many requests in a window of so many seconds."""

    name: str
    max_requests: int
    seconds: int

    @classmethod
    def for_scope(cls, scope: str, *, signed_in: bool) -> "RatePolicy | None":
        """The one for whoever writes here, from the settings; None where everybody may at will."""
        rates: Any = api_settings.DEFAULT_THROTTLE_RATES
        name = (
            scope + SIGNED_IN_SUFFIX if signed_in and rates.get(scope + SIGNED_IN_SUFFIX) else scope
        )
        if not (rate := rates[name]):
            return None
        most, _slash, unit = rate.partition("/")
        return cls(name, int(most), SECONDS_BY_UNIT[unit[0]])

    def __str__(self) -> str:
        return f'"{self.name}";q={self.max_requests};w={self.seconds}'


@dataclass(frozen=True)
class RateUsage:
    """What somebody has spent of a policy, this request included, and when the window ends."""

    policy: RatePolicy
    used: int
    until: float

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.policy.max_requests

    @property
    def seconds_left(self) -> int:
        return max(1, min(self.policy.seconds, math.ceil(self.until - time.time())))

    def __str__(self) -> str:
        left = max(0, self.policy.max_requests - self.used)
        return f'"{self.policy.name}";r={left};t={self.seconds_left}'


def count_request(policy: RatePolicy, *, client: str) -> RateUsage | None:
    """Count one request for somebody; None where nobody can count, which stops no one from writing."""
    window = f"limit:{policy.name}:{client}"
    try:
        for _ in range(MAX_WINDOW_TRIES):
            until = cache.get(window)
            if until is not None and until > time.time() + policy.seconds:
                cache.delete(window)  # from before the clock was set back: it would last for long
                until = None
            if until is None:
                # Of several who begin it at once one does; the next look finds whose it is.
                cache.add(window, time.time() + policy.seconds, policy.seconds)
                continue
            counter = f"{window}:{until}"
            cache.add(counter, 0, policy.seconds + 1)
            try:
                return RateUsage(policy, cache.incr(counter), until)
            except ValueError:  # ended in this moment
                continue
    except RedisError as broken:
        logger.warning("nobody counts what is written: %s", broken)
    return None


def uncount_request(usage: RateUsage, *, client: str) -> None:
    """Give back what a request was counted for that turned out to be none."""
    try:
        cache.decr(f"limit:{usage.policy.name}:{client}:{usage.until}")
    except (RedisError, ValueError):  # nobody counts, or the window is over
        return


class WriteThrottle(BaseThrottle):
    """As many changes as the view's `throttle_scope` allows, by account, else by address.

    Reads pass.  Beyond it 429 with Retry-After in seconds; refused attempts do not make the wait longer.
    """

    spent: RateUsage | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope = getattr(view, "throttle_scope", None)
        if request.method in SAFE_METHODS or not scope:
            return True
        account = request.user.pk if request.user and request.user.is_authenticated else None
        if (policy := RatePolicy.for_scope(scope, signed_in=account is not None)) is None:
            return True
        address = client_throttle_key(request.META, proxies=settings.TRUSTED_PROXIES)
        self.spent = count_request(policy, client=f"account-{account}" if account else address)
        request._request.spent = self.spent  # type: ignore[attr-defined]  # for Limits, below
        return self.spent is None or not self.spent.is_exceeded

    def wait(self) -> float | None:
        return self.spent.seconds_left if self.spent else None


class RateLimitHeadersMiddleware:
    """Tells whoever was counted how much is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        spent: Any = getattr(request, "spent", None)
        if spent is not None:
            answer["RateLimit-Policy"], answer["RateLimit"] = str(spent.policy), str(spent)
        return answer
