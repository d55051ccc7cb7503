"""In-process response cache for anonymous GET requests, with request coalescing.

Serves a stored 200, 301, 404 or 410 for RESPONSE_CACHE_SECONDS (at most 1) from the start of its rendering,
then for as long as no commit has invalidated one of its surrogate keys (newsroom/db/commit_watch.py), but
never beyond the next planned change. What reads tables without invalidation rules is reused until any
commit. Requests for a response that is being rendered wait for it (coalescing). After a write through this
process each entry is revalidated before it is served again, so that its author sees it at once; writes of
other processes (the worker publishes) are seen when the entry is not fresh any more. While the database is
unavailable, entries that are still true are served stale (newsroom/http/stale_if_error.py).

Only what any shared cache may store is stored: `public`, no cookie, not streamed. 301, 404 and 410 are in a
store of their own, so that requests for invented paths evict no page. docs/decisions/0010.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language_from_request

from newsroom import clock
from newsroom.db.commit_watch import SnapshotToken, commit_watch
from newsroom.db.tables_read import collect_tables_read
from newsroom.http.backend_errors import FailureKind, backend_failure_of_response
from newsroom.http.cache_control import next_planned_change
from newsroom.http.cached_response import (
    CachedResponse,
    CachedStatus,
    CacheHit,
    fresh_seconds,
    fresh_seconds_of_absence,
    is_cacheable,
)
from newsroom.http.middleware import is_public_read
from newsroom.http.stale_if_error import (
    DATABASE_RETRY_SECONDS,
    FreshnessBasis,
    freshness_basis,
    refresh_next_change,
)

MAX_CACHED_RESPONSES = 5000
MAX_CACHE_BYTES = 64 * 1024 * 1024  # of all 200s together, uncompressed
MAX_CACHED_ABSENCES = 200
# No response is shared later than this after the start of its rendering.
MAX_COALESCED_SECONDS = 1.0
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
NO_CACHE_FLUSH_ATTRIBUTE = "is_no_cache_flush"
CacheKey = tuple[str, str, str]


def no_cache_flush(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a view (or a method of one) whose writes change no public response: the cache stays."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        setattr(response, NO_CACHE_FLUSH_ATTRIBUTE, True)
        return response

    return marked


def is_no_cache_flush(response: HttpResponseBase) -> bool:
    """Whether the response comes from a view decorated with `no_cache_flush`."""
    return bool(getattr(response, NO_CACHE_FLUSH_ATTRIBUTE, False))


class InFlight:
    """A response that one thread renders while others wait for `done`; `cached` if they may share it."""

    def __init__(
        self, *, generation: int, token: SnapshotToken | None, basis: FreshnessBasis | None
    ) -> None:
        self.began = clock.monotonic()
        self.generation, self.token, self.basis = generation, token, basis
        self.cached: CachedStatus | None = None
        self.done = threading.Event()

    def is_joinable(self, generation: int) -> bool:
        """Whether a request that comes now may share it: what it reads is not too old for that."""
        age = clock.monotonic() - self.began
        return self.generation == generation and age < settings.RESPONSE_CACHE_SECONDS

    def next_change_due(self) -> datetime | None:
        """When public content changes next by plan, as of the token; without one nothing is reused then."""
        if self.token is None:
            return None
        return next_planned_change.get(timezone.now(), since=self.token.at)

    def wait(self) -> CachedStatus | None:
        """Wait at most until MAX_COALESCED_SECONDS after the start; the entry to share, if there is one."""
        timeout = max(0.0, self.began + MAX_COALESCED_SECONDS - clock.monotonic())
        return self.cached if self.done.wait(timeout) else None


class ResponseCacheMiddleware:
    """Response cache of a process, shared by its threads; evicts the oldest entries.

    `responses` has the 200s by scheme, host and path with query; `absences` the 301s, 404s and 410s, for
    each key by language. `generation` is incremented by each write: an entry of an earlier one is
    revalidated before it is served.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.responses: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.absences: OrderedDict[CacheKey, dict[str, CachedStatus]] = OrderedDict()
        self.in_flight: dict[CacheKey, InFlight] = {}
        self.generation = 0
        self.bytes = 0  # of the content of all 200s
        self.failed_at = float("-inf")  # when the database was last unavailable
        self.guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return self.write(request)
        if not settings.RESPONSE_CACHE_SECONDS or not is_public_read(request):
            return self.get_response(request)
        # The scheme and host are in the links to the next page.
        key = (request.scheme or "", request.get_host(), request.get_full_path())
        if request.method == "HEAD":
            return self.or_stale(self.get_response(request), key, request)
        is_database_away = clock.monotonic() - self.failed_at < DATABASE_RETRY_SECONDS
        if is_database_away and (stale := self.stale_hit(key, request)):
            return stale
        return self.fresh_hit(key, request) or self.coalesce(key, request)

    def find(self, key: CacheKey, request: HttpRequest) -> CachedStatus | None:
        cached: CachedStatus | None = self.responses.get(key)
        if cached is None and (by_language := self.absences.get(key)):
            cached = by_language.get(absence_language(request))
        return cached

    def fresh_hit(self, key: CacheKey, request: HttpRequest) -> CacheHit | None:
        cached = self.find(key, request)
        generation = self.generation  # before the look into the database
        if cached is not None and cached.is_fresh(generation):
            return cached.hit(request)
        return None

    def stale_hit(self, key: CacheKey, request: HttpRequest) -> CacheHit | None:
        cached = self.find(key, request)
        return cached.stale_hit(request) if cached is not None else None

    def or_stale(self, response: Any, key: CacheKey, request: HttpRequest) -> HttpResponseBase:
        """The response; a stale entry instead if it is a 503 because the database is unavailable."""
        failure = backend_failure_of_response(response)
        if failure is None or failure.kind is not FailureKind.UNAVAILABLE:
            return response  # type: ignore[no-any-return]  # an HttpResponseBase
        self.failed_at = clock.monotonic()
        return self.stale_hit(key, request) or response

    def coalesce(self, key: CacheKey, request: HttpRequest) -> HttpResponseBase:
        """The response that another thread is rendering for this key, else one rendered here.

        1. Read the commit token before anything is read for the response, and outside of the lock: it may
           query the database.
        2. Register as the one that renders, unless another thread began to in the same generation and less
           than RESPONSE_CACHE_SECONDS ago: a request must get nothing that was read longer before it.
        3. Otherwise wait for that thread; if it shares nothing, or not in time, look into the cache again
           and render without storing.
        """
        token, basis = commit_watch.token(), freshness_basis()
        with self.guard:
            in_flight = self.in_flight.get(key)
            is_first = in_flight is None or not in_flight.is_joinable(self.generation)
            if in_flight is None or is_first:
                in_flight = InFlight(generation=self.generation, token=token, basis=basis)
                self.in_flight[key] = in_flight
        if is_first:
            return self.render(key, request, in_flight)
        if cached := in_flight.wait():
            return cached.hit(request)
        if hit := self.fresh_hit(key, request):
            return hit
        return self.or_stale(self.get_response(request), key, request)

    def render(self, key: CacheKey, request: HttpRequest, in_flight: InFlight) -> HttpResponseBase:
        """Render the response, store it if it is cacheable, and release the threads that wait for it."""
        try:
            with collect_tables_read() as tables:
                response: Any = self.get_response(request)
            cached = self.cached_from(response, request, in_flight, tables)
            if cached is not None:
                if isinstance(cached, CachedResponse):
                    in_flight.cached = response.cached_response = cached
                self.store(key, cached, absence_language(request))
            return self.or_stale(response, key, request)
        finally:
            with self.guard:
                if self.in_flight.get(key) is in_flight:
                    del self.in_flight[key]
            in_flight.done.set()

    def cached_from(
        self, response: Any, request: HttpRequest, in_flight: InFlight, tables: set[str]
    ) -> CachedStatus | None:
        """The entry for a response; None if it is not cacheable or the database failed after rendering."""
        if not is_cacheable(response):
            return None
        is_ok = response.status_code == HTTPStatus.OK
        try:
            due_at = in_flight.next_change_due()
            seconds = fresh_seconds() if is_ok else fresh_seconds_of_absence()
        except DatabaseError:
            return None
        if not seconds:
            return None
        return (CachedResponse if is_ok else CachedStatus)(
            response,
            request.resolver_match,
            fresh_until=in_flight.began + seconds,
            token=in_flight.token,
            basis=in_flight.basis if refresh_next_change() else None,
            due_at=due_at,
            generation=in_flight.generation,
            keys=keys_of_entry(response, in_flight.token, tables) if is_ok else None,
        )

    def write(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on a request with an unsafe method, then have every entry revalidated.

        A refused one (4xx, 5xx) changed nothing, and must not be a way to slow the cache for everybody.
        """
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST and not is_no_cache_flush(response):
            commit_watch.expire()
            with self.guard:
                self.generation += 1
            next_planned_change.invalidate()
        return response

    def store(self, key: CacheKey, cached: CachedStatus, language: str) -> None:
        """Store the entry in the place of the one for this key; after a write meanwhile only if it can be
        revalidated."""
        with self.guard:
            if self.generation != cached.generation and cached.keys is None:
                return
            if isinstance(cached, CachedResponse):
                self.absences.pop(key, None)
                if replaced := self.responses.pop(key, None):
                    self.bytes -= len(replaced.content)
                self.responses[key] = cached
                self.bytes += len(cached.content)
                self.evict()
            else:
                if replaced := self.responses.pop(key, None):
                    self.bytes -= len(replaced.content)
                by_language = self.absences.get(key, {}) | {language: cached}
                insert_newest(self.absences, key, by_language, max_entries=MAX_CACHED_ABSENCES)

    def evict(self) -> None:
        """Evict entries beyond the limits: the oldest, but one that was used since it was last looked at
        becomes the newest (second chance)."""
        while len(self.responses) > MAX_CACHED_RESPONSES or self.bytes > MAX_CACHE_BYTES:
            key, cached = self.responses.popitem(last=False)
            if cached.is_recently_used:
                cached.is_recently_used = False
                self.responses[key] = cached
            else:
                self.bytes -= len(cached.content)


def keys_of_entry(
    response: Any, token: SnapshotToken | None, tables: set[str]
) -> frozenset[str] | None:
    """The surrogate keys of a response; None if a change of one of the tables it was rendered from might
    invalidate none of them."""
    keys: frozenset[str] | None = getattr(response, "cache_keys", None)
    is_covered = token is not None and token.position is not None and tables <= token.covered
    return keys if keys and tables and is_covered else None


def insert_newest(
    entries: OrderedDict[CacheKey, Any], key: CacheKey, value: Any, *, max_entries: int
) -> None:
    """Insert an entry at the end; evict the oldest ones beyond `max_entries`."""
    entries[key] = value
    entries.move_to_end(key)
    while len(entries) > max_entries:
        entries.popitem(last=False)


def absence_language(request: HttpRequest) -> str:
    """The language of the message in a 404 or 410 (newsroom/api/problem_details.py)."""
    return get_language_from_request(request)
