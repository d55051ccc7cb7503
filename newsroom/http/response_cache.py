"""Public reads answered from memory, for a moment.

A hot story is asked for a thousand times a second and changes once an hour.  What one reader got,
the next gets too, for KEEP_PUBLIC_SECONDS (at most one second) from the moment its making began, and
on for as long as the database witnesses that nothing has been committed since
(newsroom/db/commit_watch.py);
but not beyond the next planned change.  Whoever asks while an answer is being made waits for it instead
of making another.  Whoever changes anything through this process empties the memory at once, so that
they see what they did; changes by other processes (the worker publishes) are seen when the moment is
over.  While the database is away, an answer that is still true is served on
(newsroom/http/stale_if_error.py).
Only answers that any cache may keep are kept: 200, `public`, no cookie, not streamed.  Beside them, in a
memory of their own that cannot push them out, what public reads answer where nothing (more)
is: 301, 404, 410.  No other cache keeps a 404 or 410.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.translation import get_language_from_request

from newsroom.db.commit_watch import SnapshotToken, commit_watch
from newsroom.http.backend_errors import FailureKind, backend_failure_of_response
from newsroom.http.cache_control import is_next_change_near, next_planned_change
from newsroom.http.cacheability import fresh_seconds, fresh_seconds_of_absence, is_cacheable
from newsroom.http.compression import compress, prepare_compression
from newsroom.http.middleware import is_public_read
from newsroom.http.no_cache_flush import is_no_cache_flush
from newsroom.http.stale_if_error import (
    DATABASE_RETRY_SECONDS,
    FreshnessBasis,
    freshness_basis,
    mark_stale,
    may_serve_stale,
    refresh_next_change,
)

MAX_CACHED_RESPONSES = 500
MAX_CACHE_BYTES = 64 * 1024 * 1024  # of all answers together, as they were made
MAX_REVALIDATED_SECONDS = (
    30.0  # seconds: some answers change with the hour alone, such as what was read most in it
)
MAX_COALESCED_SECONDS = (
    1.0  # seconds: no answer is given to others later than this after its making began
)
MAX_CACHED_ABSENCES = 200
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
CacheKey = tuple[str, str, str]


class CacheHit(HttpResponse):
    """An answer from memory, the same for everybody; `kept` where it is a 200."""

    kept: "CachedResponse"


class CachedStatus:
    """An answer with its route, given again until a moment (monotonic seconds)."""

    def __init__(
        self,
        answer: Any,
        match: ResolverMatch | None,
        *,
        until: float,
        stated: SnapshotToken | None,
        made_on: FreshnessBasis | None,
    ) -> None:
        self.content: bytes = answer.content
        self.status = answer.status_code
        self.headers = dict(answer.items())
        self.match, self.until, self.stated, self.made_on = match, until, stated, made_on
        self.last = time.monotonic() + MAX_REVALIDATED_SECONDS

    def again(self, request: HttpRequest) -> CacheHit:
        request.resolver_match = self.match  # whoever counts requests by route asks for it
        return CacheHit(self.content, status=self.status, headers=self.headers)

    def stale(self, request: HttpRequest) -> CacheHit | None:
        """The answer while the database is away, where it may be served."""
        if self.made_on and may_serve_stale(
            self.made_on, good_until=self.until, now=timezone.now()
        ):
            return mark_stale(self.again(request), self.made_on)  # type: ignore[no-any-return]
        return None

    def is_good(self) -> bool:
        """Whether it may be given again now: it is young, or nothing has been committed since."""
        try:
            return self.is_still_true()
        except DatabaseError:  # whoever makes another meets the same trouble
            return False

    def is_still_true(self) -> bool:
        if time.monotonic() < self.until:
            return True
        if self.stated is None or time.monotonic() > self.last or is_next_change_near():
            return False
        now = commit_watch.token()
        if now is None or now.value != self.stated.value:
            return False
        self.until = now.at + fresh_seconds()
        return time.monotonic() < self.until


class CachedResponse(CachedStatus):
    """A 200 with its validator, packed once."""

    def __init__(self, answer: Any, match: ResolverMatch | None, **more: Any) -> None:
        self.is_compressible = prepare_compression(answer)
        super().__init__(answer, match, **more)
        self.codings: dict[str, bytes] = {}
        self.guard = threading.Lock()

    def again(self, request: HttpRequest) -> CacheHit:
        answer = super().again(request)
        answer.kept = self
        return answer

    def compressed(self, coding: str) -> bytes:
        """The content in this coding, made when somebody first takes it."""
        if coding not in self.codings:
            with self.guard:
                if coding not in self.codings:
                    self.codings[coding] = compress(self.content, coding)
        return self.codings[coding]


class InFlight:
    """An answer that somebody is making. Others wait until it is `over`; `kept` if they may have it."""

    def __init__(
        self, *, seen: int, stated: SnapshotToken | None, made_on: FreshnessBasis | None
    ) -> None:
        self.began = time.monotonic()
        self.seen, self.stated, self.made_on = seen, stated, made_on
        self.kept: CachedStatus | None = None
        self.over = threading.Event()

    def waited_for(self) -> CachedStatus | None:
        """What came of it, waiting for as long as it would still be young enough."""
        patience = max(0.0, self.began + MAX_COALESCED_SECONDS - time.monotonic())
        return self.kept if self.over.wait(patience) else None


class ResponseCacheMiddleware:
    """One memory for the process, shared by its threads; the oldest of more than 500 goes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.responses: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.absences: OrderedDict[CacheKey, dict[str, CachedStatus]] = OrderedDict()
        self.in_flight: dict[CacheKey, InFlight] = {}
        self.changes = 0
        self.failed_at = float("-inf")  # when the database was last seen to be away; monotonic
        self.guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return self.change(request)
        if not settings.RESPONSE_CACHE_SECONDS or not is_public_read(request):
            return self.get_response(request)
        # With the scheme: the links to the next page carry it.
        key = (request.scheme or "", request.get_host(), request.get_full_path())
        if request.method == "HEAD":
            return self.or_stale(self.get_response(request), key, request)
        is_away = time.monotonic() - self.failed_at < DATABASE_RETRY_SECONDS
        if is_away and (stale := self.stale(key, request)):
            return stale
        return self.remembered(key, request) or self.coalesce(key, request)

    def find(self, key: CacheKey, request: HttpRequest) -> CachedStatus | None:
        kept: CachedStatus | None = self.responses.get(key)
        if kept is None and (said := self.absences.get(key)):
            kept = said.get(absence_language(request))
        return kept

    def remembered(self, key: CacheKey, request: HttpRequest) -> CacheHit | None:
        kept = self.find(key, request)
        return kept.again(request) if kept is not None and kept.is_good() else None

    def stale(self, key: CacheKey, request: HttpRequest) -> CacheHit | None:
        kept = self.find(key, request)
        return kept.stale(request) if kept is not None else None

    def or_stale(self, answer: Any, key: CacheKey, request: HttpRequest) -> HttpResponseBase:
        """The answer, or in the place of one that says that the database is away, what is kept."""
        cause = backend_failure_of_response(answer)
        if cause is None or cause.failure is not FailureKind.UNAVAILABLE:
            return answer  # type: ignore[no-any-return]  # an HttpResponseBase
        self.failed_at = time.monotonic()
        return self.stale(key, request) or answer

    def coalesce(self, key: CacheKey, request: HttpRequest) -> HttpResponseBase:
        """The answer that another is making for this address, else one of our own."""
        # Before anything is read for the answer, and outside of the lock: it may ask the database.
        stated, made_on = commit_watch.token(), freshness_basis()
        with self.guard:
            making = self.in_flight.get(key)
            is_ours = making is None or making.seen != self.changes
            if making is None or is_ours:
                making = self.in_flight[key] = InFlight(
                    seen=self.changes, stated=stated, made_on=made_on
                )
        if is_ours:
            return self.make(key, request, making)
        if kept := making.waited_for():
            return kept.again(request)
        # Nothing that others may have came of it, or too late, or there is nothing to be had.
        if again := self.remembered(key, request):
            return again
        return self.or_stale(self.get_response(request), key, request)

    def make(self, key: CacheKey, request: HttpRequest, making: InFlight) -> HttpResponseBase:
        try:
            answer: Any = self.get_response(request)
            kept = self.worth_keeping(answer, request, making)
            if kept is not None:
                if isinstance(kept, CachedResponse):
                    making.kept = answer.kept = kept
                self.keep(key, kept, absence_language(request), seen=making.seen)
            return self.or_stale(answer, key, request)
        finally:
            with self.guard:
                if self.in_flight.get(key) is making:
                    del self.in_flight[key]
            making.over.set()

    def worth_keeping(
        self, answer: Any, request: HttpRequest, making: InFlight
    ) -> CachedStatus | None:
        """The answer as it is kept; None for one that is not for all, or of which nobody can say for how
        long it is true: the database went after it was made."""
        if not is_cacheable(answer):
            return None
        found = answer.status_code == HTTPStatus.OK
        try:
            moment = fresh_seconds() if found else fresh_seconds_of_absence()
        except DatabaseError:
            return None
        if not moment:
            return None
        return (CachedResponse if found else CachedStatus)(
            answer,
            request.resolver_match,
            until=making.began + moment,
            stated=making.stated,
            made_on=making.made_on if refresh_next_change() else None,
        )

    def change(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request change what it may, then forget everything that was read before it.

        A refused one changed nothing, and must not be a way to empty the memory for everybody.
        """
        answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST and not is_no_cache_flush(answer):
            with self.guard:
                self.changes += 1
                self.responses.clear()
                self.absences.clear()
            next_planned_change.forget()
        return answer

    def keep(self, key: CacheKey, kept: CachedStatus, language: str, *, seen: int) -> None:
        """Remember the answer instead of what was remembered of this address, unless something changed
        while it was being made."""
        with self.guard:
            if self.changes != seen:
                return
            if isinstance(kept, CachedResponse):
                self.absences.pop(key, None)
                insert_newest(self.responses, key, kept, max_entries=MAX_CACHED_RESPONSES)
                evict_to_size(self.responses, max_bytes=MAX_CACHE_BYTES)
            else:
                self.responses.pop(key, None)
                said = self.absences.get(key, {})
                insert_newest(
                    self.absences, key, said | {language: kept}, max_entries=MAX_CACHED_ABSENCES
                )


def insert_newest(
    entries: OrderedDict[CacheKey, Any], key: CacheKey, value: Any, *, max_entries: int
) -> None:
    """Put it last; the first of more than so many goes."""
    entries[key] = value
    entries.move_to_end(key)
    while len(entries) > max_entries:
        entries.popitem(last=False)


def evict_to_size(responses: OrderedDict[CacheKey, CachedResponse], *, max_bytes: int) -> None:
    """Let the first go until the rest has no more than so many bytes."""
    total = sum(len(kept.content) for kept in responses.values())
    while total > max_bytes:
        _key, kept = responses.popitem(last=False)
        total -= len(kept.content)


def absence_language(request: HttpRequest) -> str:
    """The language in which it is said that nothing is there (newsroom/api/problem_details.py)."""
    return get_language_from_request(request)
