"""Around every request: its figures, its id, and a line of the log where one is due.

Outermost, and on the way of reads that are answered from memory: what it does for those is one
look into a dictionary and one observation, no id, no line.
"""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve

from newsroom.http.middleware import is_public_read
from newsroom.http.no_cache_flush import is_harmless
from newsroom.http.response_cache import Again
from newsroom.observability.metrics import observe_request
from newsroom.observability.metrics_export import may_read
from newsroom.observability.tracing import Trace, current

logger = logging.getLogger("newsroom.requests")
SLOW = 1.0  # seconds
# Answered before any address was looked up: static files, preflights, redirects, unknown addresses.
UNRESOLVED = "unresolved"
METRICS = "/metrics"


class Watched:
    """Counts a request, gives it an id, and tells of it in the log if it is nobody's public read, was
    slow, or broke."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        trace = Trace(request)
        before = current.set(trace)
        try:
            is_inside = request.path_info == METRICS and may_read(request.META)
            answer = ask_inside(request) if is_inside else self.get_response(request)
            seconds = time.perf_counter() - began
            match = request.resolver_match
            route = match.view_name if match and match.view_name else UNRESOLVED
            observe_request(route, request.method or "", answer.status_code, seconds)
            if not isinstance(answer, Again):
                name(answer, trace)
                if is_told(request, answer, seconds):
                    tell(request, answer, route, seconds)
            return answer
        finally:
            current.reset(before)


def name(answer: HttpResponseBase, trace: Trace) -> None:
    """Give the answer its id; not to one that caches give to many, which is no one request's."""
    if "public" not in answer.headers.get("Cache-Control", ""):
        answer.headers["X-Request-ID"] = trace.id


def is_told(request: HttpRequest, answer: HttpResponseBase, seconds: float) -> bool:
    return is_ill(answer, seconds) or not (is_public_read(request) or is_harmless(answer))


def is_ill(answer: HttpResponseBase, seconds: float) -> bool:
    return seconds > SLOW or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def ask_inside(request: HttpRequest) -> HttpResponseBase:
    """The answer to whoever may have the figures, past what is meant for the public: Prometheus asks by
    whatever address a machine has, and without TLS. Strangers go the way of every address."""
    request.resolver_match = match = resolve(METRICS)
    answer: HttpResponseBase = match.func(request)
    return answer


def tell(request: HttpRequest, answer: HttpResponseBase, route: str, seconds: float) -> None:
    """A line of the log: the route by its name, since the address itself may be a key."""
    told = {
        "method": request.method,
        "route": route,
        "status": answer.status_code,
        "ms": round(seconds * 1000, 1),
    }
    level = logging.WARNING if is_ill(answer, seconds) else logging.INFO
    logger.log(level, "%s %s", request.method, route, extra={"told": told})
