"""Middleware for request metrics, request ids and the request log.

Outermost, and also around reads from the response cache: for those it resolves nothing, makes no id and
logs nothing, it only observes the time.
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
SLOW_REQUEST_SECONDS = 1.0
# Route label of requests that were responseed before URL resolution, or at an unknown URL.
UNRESOLVED_ROUTE = "unresolved"
METRICS_PATH = "/metrics"


class RequestMetricsMiddleware:
    """Counts each request, sets X-Request-ID, logs requests that are not public reads, slow or failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started_at = time.perf_counter()
        trace = Trace(request)
        token = current_trace.set(trace)
        try:
            is_scrape = request.path_info == METRICS_PATH and may_read_metrics(request.META)
            response = metrics_response(request) if is_scrape else self.get_response(request)
            seconds = time.perf_counter() - started_at
            match = request.resolver_match
            route = match.view_name if match and match.view_name else UNRESOLVED_ROUTE
            observe_request(route, request.method or "", response.status_code, seconds)
            if not isinstance(response, CacheHit):
                set_request_id(response, trace)
                if should_log(request, response, seconds):
                    log_request(request, response, route, seconds)
            return response
        finally:
            current_trace.reset(token)


def set_request_id(response: HttpResponseBase, trace: Trace) -> None:
    """Set X-Request-ID, but not on a response that shared caches give to many."""
    if "public" not in response.headers.get("Cache-Control", ""):
        response.headers["X-Request-ID"] = trace.id


def should_log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> bool:
    """Whether the request was slow or failed, or is neither a public read nor marked as harmless."""
    return is_slow_or_failed(response, seconds) or not (
        is_public_read(request) or is_no_cache_flush(response)
    )


def is_slow_or_failed(response: HttpResponseBase, seconds: float) -> bool:
    """Whether the response took longer than SLOW_REQUEST_SECONDS or has a status of 500 or more."""
    return (
        seconds > SLOW_REQUEST_SECONDS or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


def metrics_response(request: HttpRequest) -> HttpResponseBase:
    """The exposition for a client that may read it, past the middleware for public requests: Prometheus
    uses any host name of the machine, and no TLS. Other clients get the 404 of every unknown URL.
    """
    request.resolver_match = match = resolve(METRICS_PATH)
    response: HttpResponseBase = match.func(request)
    return response


def log_request(
    request: HttpRequest, response: HttpResponseBase, route: str, seconds: float
) -> None:
    """Log the request with its route name, not its URL, which may be a key."""
    fields = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    level = logging.WARNING if is_slow_or_failed(response, seconds) else logging.INFO
    logger.log(level, "%s %s", request.method, route, extra={"fields": fields})
