"""Middleware that answers 503 or 507 where a backend failed (newsroom/http/backend_errors.py);
circuit breaker."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from newsroom.api.problem_details import unavailable
from newsroom.http.backend_errors import Cause, Failure, cause_of, circuit, failed_backend, reporter

CIRCUIT_OPEN = Cause("database", Failure.UNAVAILABLE)
# Asked while servers are away; they look for themselves, or at nothing.
ALWAYS_ASKED = ("/health/", "/metrics")


class BackendFailures:
    """Turns exceptions of views into answers.  While the circuit is open, a request is answered at once
    instead of waiting for a server that the one before it has waited for in vain.

    What fails in other middleware goes through `handler500` to the same answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_limited = not request.path_info.startswith(ALWAYS_ASKED)
        if is_limited and circuit.is_open():
            return unavailable(request, CIRCUIT_OPEN)
        began = time.monotonic()
        answer = self.get_response(request)
        cause = failed_backend(answer)
        if is_limited and cause is not None and cause.is_unreachable:
            circuit.note(seconds=time.monotonic() - began)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        cause = cause_of(exception)
        if cause is None:
            return None
        reporter.report(cause, exception)
        return unavailable(request, cause)
