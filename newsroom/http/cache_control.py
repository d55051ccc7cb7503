"""For how long a cache may keep what everybody may read.

Browsers ask each time.  Shared caches keep an answer for SHARED_CACHE_SECONDS and may give it for
SHARED_CACHE_STALE_SECONDS more while they fetch it anew; both together end before the newsroom's next
planned change, whichever story it is of: an answer that told when its own story changes would tell of
stories that nobody knows yet (docs/decisions/0017).
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import timezone

REVALIDATE_ALWAYS = "public, max-age=0, must-revalidate"
NEXT_CHANGE_TTL_SECONDS = 1.0  # seconds: a plan made elsewhere counts here no later than that
# For as long after its time a plan that was not carried out counts as one that is just being carried
# out. After that nobody knows when it will be, and caching stops for nobody's sake.
OVERDUE_TOLERANCE = timedelta(seconds=10)
# What may lie between us and the cache that counts the seconds: our memory, the proxy, the way there.
SAFETY_MARGIN_SECONDS = 1.0

NextChangeProvider = Callable[[datetime], datetime | None]
NEXT_CHANGE_PROVIDERS: list[NextChangeProvider] = []


class NextChange:
    """The next planned change, asked of the rooms at most once a second."""

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self.looked_at: datetime | None = None
        self.until = 0.0
        self.guard = threading.Lock()

    def next_change(self, now: datetime) -> datetime | None:
        """When readers get something else by plan: a moment, past if it is just happening, or None."""
        if not self.is_fresh(now):
            with self.guard:
                if not self.is_fresh(now):
                    self.look(now)
        return self.moment

    def is_fresh(self, now: datetime) -> bool:
        if time.monotonic() >= self.until or self.looked_at is None:
            return False
        has_come = self.moment is not None and self.looked_at < self.moment <= now
        return not has_come

    def look(self, now: datetime) -> None:
        moments = [moment for ask in NEXT_CHANGE_PROVIDERS if (moment := ask(now))]
        self.moment, self.looked_at = min(moments, default=None), now
        self.until = time.monotonic() + NEXT_CHANGE_TTL_SECONDS

    def forget(self) -> None:
        """Ask anew next time: something may have been planned."""
        self.until = 0.0


next_planned_change = NextChange()


def register_next_change(provider: NextChangeProvider) -> None:
    """Register a function that returns an app's next planned public change, in its AppConfig.ready().

    It takes the time now and returns a moment, slightly past while the change is being made, or None.
    """
    if provider not in NEXT_CHANGE_PROVIDERS:
        NEXT_CHANGE_PROVIDERS.append(provider)


def seconds_to_next_change() -> float | None:
    """Seconds until the next planned change; 0 or less while one is happening, None without any."""
    now = timezone.now()
    moment = next_planned_change.next_change(now)
    return None if moment is None else (moment - now).total_seconds()


def is_next_change_near() -> bool:
    """Whether something planned changes so soon, or just now, that what an answer promised when it was
    made may be too much."""
    left = seconds_to_next_change()
    most = settings.SHARED_CACHE_SECONDS + settings.SHARED_CACHE_STALE_SECONDS
    return left is not None and left < most + SAFETY_MARGIN_SECONDS


def clip_to_next_change(seconds: int) -> int:
    """So many whole seconds, or fewer if something planned changes before."""
    left = seconds_to_next_change()
    return seconds if left is None else max(0, min(seconds, int(left - SAFETY_MARGIN_SECONDS)))


def public_cache_control() -> str:
    """The Cache-Control of a public answer given now."""
    if not settings.SHARED_CACHE_SECONDS:
        return REVALIDATE_ALWAYS
    most = settings.SHARED_CACHE_SECONDS + settings.SHARED_CACHE_STALE_SECONDS
    life = clip_to_next_change(most)
    keep = min(life, settings.SHARED_CACHE_SECONDS)
    after = f"stale-while-revalidate={life - keep}" if life > keep else "must-revalidate"
    return f"public, max-age=0, s-maxage={keep}, {after}"


def set_public_cache_control(answer: HttpResponseBase) -> None:
    """Let caches keep this public answer for as long as any."""
    answer["Cache-Control"] = public_cache_control()
