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

from newsroom.http.client_ip import who_asks

logger = logging.getLogger(__name__)
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SIGNED_IN = "_signed_in"
TRIES = 5  # a window may end between two looks at it; hardly ever twice


@dataclass(frozen=True)
class Policy:
    """So many requests in a window of so many seconds."""

    name: str
    most: int
    seconds: int

    @classmethod
    def of(cls, scope: str, *, signed_in: bool) -> "Policy | None":
        """The one for whoever writes here, from the settings; None where everybody may at will."""
        rates: Any = api_settings.DEFAULT_THROTTLE_RATES
        name = scope + SIGNED_IN if signed_in and rates.get(scope + SIGNED_IN) else scope
        if not (rate := rates[name]):
            return None
        most, _slash, unit = rate.partition("/")
        return cls(name, int(most), UNITS[unit[0]])

    def __str__(self) -> str:
        return f'"{self.name}";q={self.most};w={self.seconds}'


@dataclass(frozen=True)
class Spent:
    """What somebody has spent of a policy, this request included, and when the window ends."""

    policy: Policy
    used: int
    until: float

    @property
    def is_too_much(self) -> bool:
        return self.used > self.policy.most

    @property
    def seconds_left(self) -> int:
        return max(1, min(self.policy.seconds, math.ceil(self.until - time.time())))

    def __str__(self) -> str:
        left = max(0, self.policy.most - self.used)
        return f'"{self.policy.name}";r={left};t={self.seconds_left}'


def spend(policy: Policy, *, who: str) -> Spent | None:
    """Count one request for somebody; None where nobody can count, which stops no one from writing."""
    window = f"limit:{policy.name}:{who}"
    try:
        for _ in range(TRIES):
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
                return Spent(policy, cache.incr(counter), until)
            except ValueError:  # ended in this moment
                continue
    except RedisError as broken:
        logger.warning("nobody counts what is written: %s", broken)
    return None


def refund(spent: Spent, *, who: str) -> None:
    """Give back what a request was counted for that turned out to be none."""
    try:
        cache.decr(f"limit:{spent.policy.name}:{who}:{spent.until}")
    except (RedisError, ValueError):  # nobody counts, or the window is over
        return


class WriteThrottle(BaseThrottle):
    """As many changes as the view's `throttle_scope` allows, by account, else by address.

    Reads pass.  Beyond it 429 with Retry-After in seconds; refused attempts do not make the wait longer.
    """

    spent: Spent | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope = getattr(view, "throttle_scope", None)
        if request.method in SAFE_METHODS or not scope:
            return True
        account = request.user.pk if request.user and request.user.is_authenticated else None
        if (policy := Policy.of(scope, signed_in=account is not None)) is None:
            return True
        address = who_asks(request.META, proxies=settings.TRUSTED_PROXIES)
        self.spent = spend(policy, who=f"account-{account}" if account else address)
        request._request.spent = self.spent  # type: ignore[attr-defined]  # for Limits, below
        return self.spent is None or not self.spent.is_too_much

    def wait(self) -> float | None:
        return self.spent.seconds_left if self.spent else None


class Limits:
    """Tells whoever was counted how much is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        spent: Any = getattr(request, "spent", None)
        if spent is not None:
            answer["RateLimit-Policy"], answer["RateLimit"] = str(spent.policy), str(spent)
        return answer
