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

from newsroom.http.cached_response import CacheHit
from newsroom.http.middleware import is_public_read
from newsroom.http.response_cache import is_no_cache_flush
from newsroom.observability.metrics import observe_request
from newsroom.observability.metrics_export import may_read_metrics
from newsroom.observability.tracing import Trace, current_trace

logger = logging.getLogger("newsroom.requests")
SLOW_REQUEST_SECONDS = 1.0  # seconds
# Answered before any address was looked up: static files, preflights, redirects, unknown addresses.
UNRESOLVED_ROUTE = "unresolved"
METRICS_PATH = "/metrics"


class RequestMetricsMiddleware:
    """Counts a request, gives it an id, and tells of it in the log if it is nobody's public read, was
    slow, or broke."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        trace = Trace(request)
        before = current_trace.set(trace)
        try:
            is_inside = request.path_info == METRICS_PATH and may_read_metrics(request.META)
            answer = metrics_response(request) if is_inside else self.get_response(request)
            seconds = time.perf_counter() - began
            match = request.resolver_match
            route = match.view_name if match and match.view_name else UNRESOLVED_ROUTE
            observe_request(route, request.method or "", answer.status_code, seconds)
            if not isinstance(answer, CacheHit):
                set_request_id(answer, trace)
                if should_log(request, answer, seconds):
                    log_request(request, answer, route, seconds)
            return answer
        finally:
            current_trace.reset(before)


def set_request_id(answer: HttpResponseBase, trace: Trace) -> None:
    """Give the answer its id; not to one that caches give to many, which is no one request's."""
    if "public" not in answer.headers.get("Cache-Control", ""):
        answer.headers["X-Request-ID"] = trace.id


def should_log(request: HttpRequest, answer: HttpResponseBase, seconds: float) -> bool:
    return is_slow_or_failed(answer, seconds) or not (
        is_public_read(request) or is_no_cache_flush(answer)
    )


def is_slow_or_failed(answer: HttpResponseBase, seconds: float) -> bool:
    return seconds > SLOW_REQUEST_SECONDS or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def metrics_response(request: HttpRequest) -> HttpResponseBase:
    """The answer to whoever may have the figures, past what is meant for the public: Prometheus asks by
    whatever address a machine has, and without TLS. Strangers go the way of every address."""
    request.resolver_match = match = resolve(METRICS_PATH)
    answer: HttpResponseBase = match.func(request)
    return answer


def log_request(request: HttpRequest, answer: HttpResponseBase, route: str, seconds: float) -> None:
    """A line of the log: the route by its name, since the address itself may be a key."""
    told = {
        "method": request.method,
        "route": route,
        "status": answer.status_code,
        "ms": round(seconds * 1000, 1),
    }
    level = logging.WARNING if is_slow_or_failed(answer, seconds) else logging.INFO
    logger.log(level, "%s %s", request.method, route, extra={"told": told})
