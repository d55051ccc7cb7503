"""A view that can be held while it renders, to test request coalescing with real threads."""

import threading
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.http.cache_control import public_cache_control
from newsroom.http.response_cache import InFlight, ResponseCacheMiddleware
from tests.support import make

CONCURRENT_REQUESTS = 8
PATH = "/api/v1/articles/"


def public_response(number: int) -> HttpResponse:
    headers = {"Cache-Control": public_cache_control()}
    return HttpResponse(f"answer {number}", headers=headers)


def not_found_response(number: int) -> HttpResponse:
    response: Any = HttpResponse(f"nothing {number}", status=404)
    response.is_public_read = True
    return response  # type: ignore[no-any-return]


class SlowView:
    """Numbers its responses; every GET waits until `release_after` requests have come, or `go_on` is
    set."""

    def __init__(
        self, respond: Callable[[int], HttpResponse] = public_response, *, release_after: int = 1
    ) -> None:
        self.respond, self.release_after = respond, release_after
        self.calls = self.arrivals = 0
        self.guard = threading.Lock()
        self.has_begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, request: Any) -> HttpResponse:
        with self.guard:
            self.calls += 1
            number = self.calls
        self.arrive()
        request.resolver_match = None
        if request.method != "GET":
            return HttpResponse(status=204)
        self.has_begun.set()
        self.go_on.wait(30)
        return self.respond(number)

    def arrive(self) -> None:
        """Count a request; the last one of `release_after` releases all."""
        with self.guard:
            self.arrivals += 1
            if self.arrivals >= self.release_after:
                self.go_on.set()


def get(cache: ResponseCacheMiddleware, path: str = PATH) -> bytes:
    response: Any = cache(RequestFactory().get(path))
    return bytes(response.content)


def get_concurrently(cache: ResponseCacheMiddleware, view: SlowView, monkeypatch: Any) -> list[Any]:
    """The responses to requests that all come while the first one's response is being rendered."""
    wait = InFlight.wait

    def counted_wait(in_flight: InFlight) -> Any:
        view.arrive()
        return wait(in_flight)

    view.release_after = CONCURRENT_REQUESTS
    with monkeypatch.context() as patched:
        patched.setattr(InFlight, "wait", counted_wait)
        return make.race(CONCURRENT_REQUESTS, lambda _n: get(cache))
