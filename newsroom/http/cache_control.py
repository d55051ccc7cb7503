"""Cache-Control of public responses, shortened before the next planned change (RFC 9111).

Browsers revalidate every time. Shared caches keep a response for SHARED_CACHE_SECONDS and may serve it for
SHARED_CACHE_STALE_SECONDS more while they revalidate. Both together end before the next planned change
of any article: a lifetime that depended on one article's own plans would reveal them (docs/decisions/0017).
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import timezone

from newsroom import clock
from newsroom.db.tables_read import tables_not_collected

REVALIDATE_ALWAYS = "public, max-age=0, must-revalidate"
NEXT_CHANGE_TTL_SECONDS = 1.0  # a plan made by another process counts no later than that
# An overdue plan counts as happening now for this long. After that its time is unknown, and it does not
# prevent caching any more.
OVERDUE_TOLERANCE = timedelta(seconds=10)
# What may pass between our calculation and the cache that starts counting: response cache, proxy, network.
SAFETY_MARGIN_SECONDS = 1.0

NextChangeProvider = Callable[[datetime], datetime | None]
NEXT_CHANGE_PROVIDERS: list[NextChangeProvider] = []


class NextChange:
    """The time of the next planned change, asked of the apps at most once a second per process."""

    def __init__(self) -> None:
        self.due_at: datetime | None = None
        self.fetched_at: datetime | None = None
        self.began = self.expires = 0.0  # monotonic: when it was fetched, and is fetched anew
        self.guard = threading.Lock()

    def get(self, now: datetime, *, since: float = 0.0) -> datetime | None:
        """When public content changes next by plan; in the past if it is changing now; None without
        plans. Fetched no earlier than `since` (monotonic)."""
        if not self.is_fresh(now, since):
            with self.guard:
                if not self.is_fresh(now, since):
                    self.fetch(now)
        return self.due_at

    def is_fresh(self, now: datetime, since: float) -> bool:
        """Whether it was fetched within the last second and `since`, and has not become due since."""
        is_old = clock.monotonic() >= self.expires or self.began < since
        if is_old or self.fetched_at is None:
            return False
        is_due_since = self.due_at is not None and self.fetched_at < self.due_at <= now
        return not is_due_since

    def fetch(self, now: datetime) -> None:
        began = clock.monotonic()
        with tables_not_collected():
            times = [due_at for provider in NEXT_CHANGE_PROVIDERS if (due_at := provider(now))]
        self.due_at, self.fetched_at, self.began = min(times, default=None), now, began
        self.expires = clock.monotonic() + NEXT_CHANGE_TTL_SECONDS

    def invalidate(self) -> None:
        """Fetch anew next time: something may have been planned."""
        self.expires = 0.0


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
    due_at = next_planned_change.get(now)
    return None if due_at is None else (due_at - now).total_seconds()


def max_shared_seconds() -> int:
    """How long a shared cache may serve a response, fresh and stale together."""
    return int(settings.SHARED_CACHE_SECONDS + settings.SHARED_CACHE_STALE_SECONDS)


def is_next_change_near() -> bool:
    """Whether a planned change is so near that a Cache-Control computed earlier may reach beyond it."""
    seconds = seconds_to_next_change()
    return seconds is not None and seconds < max_shared_seconds() + SAFETY_MARGIN_SECONDS


def clip_to_next_change(seconds: int) -> int:
    """A lifetime in whole seconds, shortened to end before the next planned change."""
    remaining = seconds_to_next_change()
    if remaining is None:
        return seconds
    return max(0, min(seconds, int(remaining - SAFETY_MARGIN_SECONDS)))


def public_cache_control() -> str:
    """The Cache-Control of a public response sent now."""
    if not settings.SHARED_CACHE_SECONDS:
        return REVALIDATE_ALWAYS
    lifetime = clip_to_next_change(max_shared_seconds())
    fresh = min(lifetime, settings.SHARED_CACHE_SECONDS)
    stale = f"stale-while-revalidate={lifetime - fresh}" if lifetime > fresh else "must-revalidate"
    return f"public, max-age=0, s-maxage={fresh}, {stale}"


def set_public_cache_control(response: HttpResponseBase) -> None:
    """Set the Cache-Control of a public response."""
    response["Cache-Control"] = public_cache_control()
