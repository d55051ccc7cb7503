"""Middleware that answers 503 or 507 where a backend failed (newsroom/http/backend_errors.py);
circuit breaker."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from newsroom.api.problem_details import backend_failure_response
from newsroom.http.backend_errors import (
    BackendFailure,
    FailureKind,
    backend_failure_of,
    backend_failure_of_response,
    circuit_breaker,
    failure_reporter,
)

CIRCUIT_OPEN_FAILURE = BackendFailure("database", FailureKind.UNAVAILABLE)
# Asked while servers are away; they look for themselves, or at nothing.
UNLIMITED_PATHS = ("/health/", "/metrics")


class BackendFailureMiddleware:
    """Turns exceptions of views into answers.  While the circuit is open, a request is answered at once
    instead of waiting for a server that the one before it has waited for in vain.

    What fails in other middleware goes through `handler500` to the same answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_limited = not request.path_info.startswith(UNLIMITED_PATHS)
        if is_limited and circuit_breaker.is_open():
            return backend_failure_response(request, CIRCUIT_OPEN_FAILURE)
        began = time.monotonic()
        answer = self.get_response(request)
        cause = backend_failure_of_response(answer)
        if is_limited and cause is not None and cause.is_unreachable:
            circuit_breaker.record_duration(seconds=time.monotonic() - began)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        cause = backend_failure_of(exception)
        if cause is None:
            return None
        failure_reporter.report(cause, exception)
        return backend_failure_response(request, cause)
