"""Entries of the response cache (newsroom/http/response_cache.py): which responses may be stored, and for
how many seconds they are fresh.

Times are monotonic seconds (newsroom/clock.py).
"""

import threading
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils import timezone

from newsroom import clock
from newsroom.db.commit_watch import SnapshotToken, commit_watch
from newsroom.db.invalidation_log import Change
from newsroom.http.cache_control import (
    is_next_change_near,
    next_planned_change,
    seconds_to_next_change,
)
from newsroom.http.compression import compress, prepare_compression
from newsroom.http.stale_if_error import FreshnessBasis, mark_stale, may_serve_stale

# Some responses change with the hour alone, such as the most read articles.
MAX_REVALIDATED_SECONDS = 30.0
# Those whose surrogate keys name all that they show: what changes by the clock in them is a planned change.
MAX_KEYED_SECONDS = 600.0
# Counts of comments, saves, votes and views may be so old.
MAX_COUNTS_AGE_SECONDS = 1.0
MAX_RESPONSE_BYTES = 2 * 1024 * 1024  # a hundred full texts in a feed
ABSENCE_STATUSES = {301, 404, 410}


def is_cacheable(response: HttpResponseBase) -> bool:
    """Whether the response is the same for everybody who requests this URL."""
    return (
        not response.streaming
        and not response.cookies
        # Pages that may be framed are marked by this attribute for an outer middleware, which a hit lacks.
        and not getattr(response, "xframe_options_exempt", False)
        and (
            has_public_cache_control(response)
            if response.status_code == HTTPStatus.OK
            else is_cacheable_absence(response)
        )
        and len(getattr(response, "content", b"")) <= MAX_RESPONSE_BYTES
    )


def has_public_cache_control(response: HttpResponseBase) -> bool:
    return "public" in response.get("Cache-Control", "")


def is_cacheable_absence(response: HttpResponseBase) -> bool:
    """Whether a public read answered 301, 404 or 410; a 404 of another view may depend on the user."""
    return response.status_code in ABSENCE_STATUSES and getattr(response, "is_public_read", False)


def fresh_seconds() -> float:
    """Seconds for which a response is fresh: RESPONSE_CACHE_SECONDS, or less before a planned change."""
    seconds, remaining = float(settings.RESPONSE_CACHE_SECONDS), seconds_to_planned_change()
    return seconds if remaining is None or remaining <= 0 else min(seconds, remaining)


def fresh_seconds_of_absence() -> float:
    """The same for a 301, 404 or 410; 0 while a planned change is happening."""
    remaining = seconds_to_planned_change()
    return 0.0 if remaining is not None and remaining <= 0 else fresh_seconds()


def seconds_to_planned_change() -> float | None:
    return seconds_to_next_change() if settings.SHARED_CACHE_SECONDS else None


class CacheHit(HttpResponse):
    """A response served from the cache; `cached_response` is its entry if it is a 200."""

    cached_response: "CachedResponse"


class CachedStatus:
    """A stored response with its resolver match; used as it is for 301, 404 and 410.

    Fresh until `fresh_until`, then for as long as nothing that it shows was changed since `token`, which
    was read before it was rendered, but not near a planned change, and never after `due_at`, the next one
    as of its rendering: what changes by the clock alone is committed by nobody. `keys` are the surrogate
    keys of what it shows; without them, any commit may have changed it. `generation` is that of the cache
    when the entry was last fresh: after a write of this process it is revalidated before it is served.
    """

    def __init__(
        self,
        response: Any,
        match: ResolverMatch | None,
        *,
        fresh_until: float,
        token: SnapshotToken | None,
        basis: FreshnessBasis | None,
        due_at: datetime | None = None,
        generation: int = 0,
        keys: frozenset[str] | None = None,
    ) -> None:
        self.content: bytes = response.content
        self.status = response.status_code
        self.headers = dict(response.items())
        self.match, self.fresh_until, self.token, self.basis = match, fresh_until, token, basis
        self.keys, self.generation, self.due_at = keys, generation, due_at
        seconds = MAX_REVALIDATED_SECONDS if keys is None else MAX_KEYED_SECONDS
        self.revalidate_until = clock.monotonic() + seconds
        self.is_recently_used = False

    def hit(self, request: HttpRequest) -> CacheHit:
        """A new response with the stored content."""
        request.resolver_match = self.match  # metrics are counted by route
        self.is_recently_used = True
        return CacheHit(self.content, status=self.status, headers=self.headers)

    def stale_hit(self, request: HttpRequest) -> CacheHit | None:
        """A response while the database is unavailable (stale-if-error), if it may be served."""
        if self.basis and may_serve_stale(
            self.basis, good_until=self.fresh_until, now=timezone.now()
        ):
            return mark_stale(self.hit(request), self.basis)  # type: ignore[no-any-return]
        return None

    def is_fresh(self, generation: int) -> bool:
        """Whether the entry may be served now. May query the database; False where that fails."""
        is_own_write = generation != self.generation
        try:
            if clock.monotonic() < self.fresh_until and not is_own_write:
                return True
            is_fresh = self.is_revalidated(accepted=Change.NONE if is_own_write else Change.COUNTS)
        except DatabaseError:  # rendering the response anew fails in the same way and reports it
            return False
        if is_fresh:
            self.generation = generation
        return is_fresh

    def is_revalidated(self, *, accepted: Change) -> bool:
        """Extend the freshness if no more than `accepted` was changed since the response was rendered.

        With changed counts until they are MAX_COUNTS_AGE_SECONDS old, reckoned from when they were last
        known to be right; what else changes meanwhile still ends it.
        """
        known = self.token
        if known is None or clock.monotonic() > self.revalidate_until or self.is_due():
            return False
        token = commit_watch.token()
        change = change_between(known, token, self.keys)
        if token is None or change > accepted:
            return False
        fresh_until = token.at + fresh_seconds()
        if change is Change.NONE:
            self.token = token
        else:
            fresh_until = min(fresh_until, known.at + MAX_COUNTS_AGE_SECONDS)
        self.fresh_until = fresh_until
        return clock.monotonic() < fresh_until

    def is_due(self) -> bool:
        """Whether a planned change is near, or one has come due since; else the next one is noted."""
        if self.due_at is not None and self.due_at <= timezone.now():
            return True
        if is_next_change_near():
            return True
        self.due_at = next_planned_change.due_at
        return False


def change_between(
    known: SnapshotToken, token: SnapshotToken | None, keys: frozenset[str] | None
) -> Change:
    """What happened between two tokens to a response with these surrogate keys; without keys, with any
    commit, whatever it is."""
    if token is not None and token.value == known.value:
        return Change.NONE
    if token is None or token.position is None or keys is None:
        return Change.CONTENT
    return commit_watch.log.change_since(known.position, keys)


class CachedResponse(CachedStatus):
    """A stored 200 with its ETag, compressed once for each content coding."""

    def __init__(self, response: Any, match: ResolverMatch | None, **freshness: Any) -> None:
        self.is_compressible = prepare_compression(response)
        super().__init__(response, match, **freshness)
        self.bodies: dict[str, bytes] = {}
        self.guard = threading.Lock()

    def hit(self, request: HttpRequest) -> CacheHit:
        response = super().hit(request)
        response.cached_response = self
        return response

    def compressed(self, coding: str) -> bytes:
        """The content in this coding, compressed at the first use."""
        if coding not in self.bodies:
            with self.guard:
                if coding not in self.bodies:
                    self.bodies[coding] = compress(self.content, coding)
        return self.bodies[coding]
