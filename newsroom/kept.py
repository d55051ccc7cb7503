"""Public reads answered from memory, for a moment.

A hot story is asked for a thousand times a second and changes once an hour.  What one reader got,
the next gets too, for KEEP_PUBLIC_SECONDS (at most one second) from the moment its making began.
Whoever changes anything through this process empties the memory at once, so that they see what they
did; changes by other processes (the worker publishes) are seen when the moment is over.  Only
answers that any cache may keep are kept: 200, `public`, no cookie, not streamed.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from newsroom.middleware import is_public_read

MOST = 500
LARGEST = 256 * 1024
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
Key = tuple[str, str, str]


class Again(HttpResponse):
    """An answer from memory: 200, public, the same for everybody."""


class Kept(NamedTuple):
    """An answer, the moment (monotonic seconds) until which it may be given again, and its route."""

    until: float
    content: bytes
    headers: dict[str, str]
    match: ResolverMatch | None

    def again(self) -> Again:
        return Again(self.content, headers=self.headers)


class KeptReads:
    """One memory for the process, shared by its threads; the oldest of more than 500 goes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.memory: OrderedDict[Key, Kept] = OrderedDict()
        self.changes = 0
        self.guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE:
            return self.change(request)
        if (
            request.method != "GET"
            or not settings.KEEP_PUBLIC_SECONDS
            or not is_public_read(request)
        ):
            return self.get_response(request)
        # With the scheme: the links to the next page carry it.
        key = (request.scheme or "", request.get_host(), request.get_full_path())
        began = time.monotonic()
        kept = self.memory.get(key)
        if kept is not None and began < kept.until:
            request.resolver_match = kept.match  # whoever counts requests by route asks for it
            return kept.again()
        seen = self.changes
        answer = self.get_response(request)
        if may_be_kept(answer):
            until = began + settings.KEEP_PUBLIC_SECONDS
            content = getattr(answer, "content", b"")
            kept = Kept(until, content, dict(answer.items()), request.resolver_match)
            self.keep(key, kept, seen=seen)
        return answer

    def change(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request change what it may, then forget everything that was read before it.

        A refused one changed nothing, and must not be a way to empty the memory for everybody.
        """
        answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            with self.guard:
                self.changes += 1
                self.memory.clear()
        return answer

    def keep(self, key: Key, kept: Kept, *, seen: int) -> None:
        """Remember the answer, unless something changed while it was being made."""
        with self.guard:
            if self.changes != seen:
                return
            self.memory[key] = kept
            self.memory.move_to_end(key)
            while len(self.memory) > MOST:
                self.memory.popitem(last=False)


def may_be_kept(answer: HttpResponseBase) -> bool:
    """Whether every reader of this address may get this very answer."""
    return (
        answer.status_code == 200
        and not answer.streaming
        and not answer.cookies
        and "public" in answer.get("Cache-Control", "")
        and len(getattr(answer, "content", b"")) <= LARGEST
    )
