"""Middleware that answers 503 or 507 when a backend fails, with a circuit breaker for the database."""

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
# Requested while servers are unavailable; they check for themselves, or need no backend.
UNLIMITED_PATHS = ("/health/", "/metrics")


class BackendFailureMiddleware:
    """Turns backend exceptions of views into responses (newsroom/http/backend_errors.py).

    While the circuit breaker is open, requests fail at once instead of waiting for a server that does not
    answer. Exceptions of other middleware become the same responses in `handler500`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_limited = not request.path_info.startswith(UNLIMITED_PATHS)
        if is_limited and circuit_breaker.is_open():
            return backend_failure_response(request, CIRCUIT_OPEN_FAILURE)
        began = time.monotonic()
        response = self.get_response(request)
        failure = backend_failure_of_response(response)
        if is_limited and failure is not None and failure.is_unreachable:
            circuit_breaker.record_duration(seconds=time.monotonic() - began)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        failure = backend_failure_of(exception)
        if failure is None:
            return None
        failure_reporter.report(failure, exception)
        return backend_failure_response(request, failure)
