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

from newsroom.db.commit_watch import Statement, witness
from newsroom.http.backend_errors import Failure, failed_backend
from newsroom.http.cache_control import is_change_near, outlook
from newsroom.http.cacheability import is_for_all, moment_left, moment_of_absence
from newsroom.http.compression import make_ready, packed
from newsroom.http.middleware import is_public_read
from newsroom.http.no_cache_flush import is_harmless
from newsroom.http.stale_if_error import (
    ASK_AGAIN_SECONDS,
    Basis,
    basis,
    may_serve,
    note_next_change,
    served_stale,
)

MOST = 500
MAX_MEMORY_BYTES = 64 * 1024 * 1024  # of all answers together, as they were made
OLDEST = 30.0  # seconds: some answers change with the hour alone, such as what was read most in it
LONGEST = 1.0  # seconds: no answer is given to others later than this after its making began
MOST_MISSING = 200
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
Key = tuple[str, str, str]


class Again(HttpResponse):
    """An answer from memory, the same for everybody; `kept` where it is a 200."""

    kept: "Kept"


class Remembered:
    """An answer with its route, given again until a moment (monotonic seconds)."""

    def __init__(
        self,
        answer: Any,
        match: ResolverMatch | None,
        *,
        until: float,
        stated: Statement | None,
        made_on: Basis | None,
    ) -> None:
        self.content: bytes = answer.content
        self.status = answer.status_code
        self.headers = dict(answer.items())
        self.match, self.until, self.stated, self.made_on = match, until, stated, made_on
        self.last = time.monotonic() + OLDEST

    def again(self, request: HttpRequest) -> Again:
        request.resolver_match = self.match  # whoever counts requests by route asks for it
        return Again(self.content, status=self.status, headers=self.headers)

    def stale(self, request: HttpRequest) -> Again | None:
        """The answer while the database is away, where it may be served."""
        if self.made_on and may_serve(self.made_on, good_until=self.until, now=timezone.now()):
            return served_stale(self.again(request), self.made_on)  # type: ignore[no-any-return]
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
        if self.stated is None or time.monotonic() > self.last or is_change_near():
            return False
        now = witness.statement()
        if now is None or now.words != self.stated.words:
            return False
        self.until = now.at + moment_left()
        return time.monotonic() < self.until


class Kept(Remembered):
    """A 200 with its validator, packed once."""

    def __init__(self, answer: Any, match: ResolverMatch | None, **more: Any) -> None:
        self.may_be_packed = make_ready(answer)
        super().__init__(answer, match, **more)
        self.codings: dict[str, bytes] = {}
        self.guard = threading.Lock()

    def again(self, request: HttpRequest) -> Again:
        answer = super().again(request)
        answer.kept = self
        return answer

    def packed(self, coding: str) -> bytes:
        """The content in this coding, made when somebody first takes it."""
        if coding not in self.codings:
            with self.guard:
                if coding not in self.codings:
                    self.codings[coding] = packed(self.content, coding)
        return self.codings[coding]


class Making:
    """An answer that somebody is making. Others wait until it is `over`; `kept` if they may have it."""

    def __init__(self, *, seen: int, stated: Statement | None, made_on: Basis | None) -> None:
        self.began = time.monotonic()
        self.seen, self.stated, self.made_on = seen, stated, made_on
        self.kept: Remembered | None = None
        self.over = threading.Event()

    def waited_for(self) -> Remembered | None:
        """What came of it, waiting for as long as it would still be young enough."""
        patience = max(0.0, self.began + LONGEST - time.monotonic())
        return self.kept if self.over.wait(patience) else None


class KeptReads:
    """One memory for the process, shared by its threads; the oldest of more than 500 goes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.memory: OrderedDict[Key, Kept] = OrderedDict()
        self.missing: OrderedDict[Key, dict[str, Remembered]] = OrderedDict()
        self.makings: dict[Key, Making] = {}
        self.changes = 0
        self.failed_at = float("-inf")  # when the database was last seen to be away; monotonic
        self.guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE:
            return self.change(request)
        if not settings.KEEP_PUBLIC_SECONDS or not is_public_read(request):
            return self.get_response(request)
        # With the scheme: the links to the next page carry it.
        key = (request.scheme or "", request.get_host(), request.get_full_path())
        if request.method == "HEAD":
            return self.or_stale(self.get_response(request), key, request)
        is_away = time.monotonic() - self.failed_at < ASK_AGAIN_SECONDS
        if is_away and (stale := self.stale(key, request)):
            return stale
        return self.remembered(key, request) or self.missed(key, request)

    def find(self, key: Key, request: HttpRequest) -> Remembered | None:
        kept: Remembered | None = self.memory.get(key)
        if kept is None and (said := self.missing.get(key)):
            kept = said.get(language_of(request))
        return kept

    def remembered(self, key: Key, request: HttpRequest) -> Again | None:
        kept = self.find(key, request)
        return kept.again(request) if kept is not None and kept.is_good() else None

    def stale(self, key: Key, request: HttpRequest) -> Again | None:
        kept = self.find(key, request)
        return kept.stale(request) if kept is not None else None

    def or_stale(self, answer: Any, key: Key, request: HttpRequest) -> HttpResponseBase:
        """The answer, or in the place of one that says that the database is away, what is kept."""
        cause = failed_backend(answer)
        if cause is None or cause.failure is not Failure.UNAVAILABLE:
            return answer  # type: ignore[no-any-return]  # an HttpResponseBase
        self.failed_at = time.monotonic()
        return self.stale(key, request) or answer

    def missed(self, key: Key, request: HttpRequest) -> HttpResponseBase:
        """The answer that another is making for this address, else one of our own."""
        # Before anything is read for the answer, and outside of the lock: it may ask the database.
        stated, made_on = witness.statement(), basis()
        with self.guard:
            making = self.makings.get(key)
            is_ours = making is None or making.seen != self.changes
            if making is None or is_ours:
                making = self.makings[key] = Making(
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

    def make(self, key: Key, request: HttpRequest, making: Making) -> HttpResponseBase:
        try:
            answer: Any = self.get_response(request)
            kept = self.worth_keeping(answer, request, making)
            if kept is not None:
                if isinstance(kept, Kept):
                    making.kept = answer.kept = kept
                self.keep(key, kept, language_of(request), seen=making.seen)
            return self.or_stale(answer, key, request)
        finally:
            with self.guard:
                if self.makings.get(key) is making:
                    del self.makings[key]
            making.over.set()

    def worth_keeping(self, answer: Any, request: HttpRequest, making: Making) -> Remembered | None:
        """The answer as it is kept; None for one that is not for all, or of which nobody can say for how
        long it is true: the database went after it was made."""
        if not is_for_all(answer):
            return None
        found = answer.status_code == HTTPStatus.OK
        try:
            moment = moment_left() if found else moment_of_absence()
        except DatabaseError:
            return None
        if not moment:
            return None
        return (Kept if found else Remembered)(
            answer,
            request.resolver_match,
            until=making.began + moment,
            stated=making.stated,
            made_on=making.made_on if note_next_change() else None,
        )

    def change(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request change what it may, then forget everything that was read before it.

        A refused one changed nothing, and must not be a way to empty the memory for everybody.
        """
        answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST and not is_harmless(answer):
            with self.guard:
                self.changes += 1
                self.memory.clear()
                self.missing.clear()
            outlook.forget()
        return answer

    def keep(self, key: Key, kept: Remembered, language: str, *, seen: int) -> None:
        """Remember the answer instead of what was remembered of this address, unless something changed
        while it was being made."""
        with self.guard:
            if self.changes != seen:
                return
            if isinstance(kept, Kept):
                self.missing.pop(key, None)
                last(self.memory, key, kept, most=MOST)
                trim(self.memory, most_bytes=MAX_MEMORY_BYTES)
            else:
                self.memory.pop(key, None)
                said = self.missing.get(key, {})
                last(self.missing, key, said | {language: kept}, most=MOST_MISSING)


def last(memory: OrderedDict[Key, Any], key: Key, value: Any, *, most: int) -> None:
    """Put it last; the first of more than so many goes."""
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > most:
        memory.popitem(last=False)


def trim(memory: OrderedDict[Key, Kept], *, most_bytes: int) -> None:
    """Let the first go until the rest has no more than so many bytes."""
    total = sum(len(kept.content) for kept in memory.values())
    while total > most_bytes:
        _key, kept = memory.popitem(last=False)
        total -= len(kept.content)


def language_of(request: HttpRequest) -> str:
    """The language in which it is said that nothing is there (newsroom/api/problem_details.py)."""
    return get_language_from_request(request)
