"""Problem documents (RFC 9457): error responses of the API, of middleware and of error handlers."""

import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as csrf_page
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from newsroom.api.renderers import UTF8JSONRenderer
from newsroom.errors import InvalidInput, Refused
from newsroom.http.backend_errors import (
    BackendFailure,
    backend_failure_of,
    backend_failure_page,
    failure_reporter,
    set_backend_failure,
)

PROBLEM_CONTENT_TYPE = "application/problem+json"
API_PATH_PREFIXES = ("/api/", "/_allauth/", "/health/")
MAX_LISTED_ERRORS = 20  # of invalid input; the rest is counted

Problem = tuple[dict[str, Any], dict[str, str]]  # a problem document and response headers
PageView = Callable[..., HttpResponse]


def problem_document(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem document; `type` is about:blank, so `title` is the status phrase."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: a problem document in the client's language; None (500) for a bug."""
    request = context["request"]
    with translation.override(get_language_from_request(request._request)):
        problem = problem_of_exception(exc)
        if problem is None:
            return None
        set_rollback()
        body, headers = problem
        response = Response(
            body, status=body["status"], headers=headers, content_type=PROBLEM_CONTENT_TYPE
        )
        if failure := backend_failure_of(exc):
            failure_reporter.report(failure, exc)
            set_backend_failure(response, failure)
        response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        response["Cache-Control"] = "no-store"
        return response


def problem_of_exception(exc: Exception) -> Problem | None:
    """The problem document and headers for a refusal, API error or backend failure; None for a bug."""
    if isinstance(exc, InvalidInput):
        errors = [{"pointer": f"/{name}", "detail": str(why)} for name, why in exc.fields.items()]
        return problem_document(exc.status, exc.code, str(exc), errors=limit_errors(errors)), {}
    if isinstance(exc, Refused):
        headers = {"Retry-After": str(exc.retry_after)} if exc.retry_after else {}
        return problem_document(exc.status, exc.code, str(exc), **getattr(exc, "more", {})), headers
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        errors = limit_errors(list(flatten_errors(exc.detail)))
        return problem_document(400, "invalid", _("The input is not valid."), errors=errors), {}
    if not isinstance(exc, exceptions.APIException):
        return problem_of_backend_failure(exc)
    headers = {}
    if wait_seconds := getattr(exc, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait_seconds)))
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    code = str(getattr(exc.detail, "code", None) or exc.default_code)
    more = getattr(exc, "more", {})
    return problem_document(exc.status_code, code, str(exc.detail), **more), headers


def problem_of_backend_failure(exc: Exception) -> Problem | None:
    """The problem document and headers for an unavailable server or a full disk; None for a bug."""
    failure = backend_failure_of(exc)
    if failure is None:
        return None
    kind = failure.kind
    return problem_document(kind.status, kind.code, str(kind.sentence)), kind.headers


def limit_errors(errors: list[dict[str, str]]) -> list[dict[str, str]]:
    """The first MAX_LISTED_ERRORS errors, and one that says how many more there are."""
    more = len(errors) - MAX_LISTED_ERRORS
    if more <= 1:
        return errors
    return [*errors[:MAX_LISTED_ERRORS], {"pointer": "", "detail": more_errors_message(more)}]


def more_errors_message(count: int) -> str:
    """The message for so many errors that are not listed."""
    return _("And %(count)s more.") % {"count": f"{count:,}"}


def flatten_errors(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested errors as a flat list, each with its JSON pointer (RFC 6901)."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from flatten_errors(inner, pointer + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            is_nested = isinstance(inner, (dict, list))
            yield from flatten_errors(inner, f"{pointer}/{index}" if is_nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def problem_response(status: int, code: str, detail: str) -> HttpResponse:
    """A response with a problem document, for middleware, URL resolver and error handlers."""
    return render_problem(problem_document(status, code, detail), {})


def exception_response(exc: exceptions.APIException | Refused) -> HttpResponse:
    """A response with the problem document of an exception, for views outside of REST framework."""
    return render_problem(*problem_of_exception(exc) or (problem_document(500, "error", ""), {}))


def render_problem(body: dict[str, Any], headers: dict[str, str]) -> HttpResponse:
    """Render with the API's renderer, so that the bytes are those of an API view."""
    response = HttpResponse(
        UTF8JSONRenderer().render(body),
        status=body["status"],
        headers=headers,
        content_type=PROBLEM_CONTENT_TYPE,
    )
    response["Cache-Control"] = "no-store"
    return response


def backend_failure_response(request: HttpRequest, failure: BackendFailure) -> HttpResponse:
    """503 or 507 from outside of an API view: a problem document at API paths, else an HTML page."""
    kind = failure.kind
    if wants_problem_document(request):
        with translation.override(get_language_from_request(request)):
            response = problem_response(kind.status, kind.code, str(kind.sentence))
    else:
        response = backend_failure_page(request, kind)
    set_backend_failure(response, failure)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a problem document at API paths, else Django's HTML page."""
    if not wants_problem_document(request):
        return csrf_page(request, reason)
    return problem_response(
        403, "csrf", _("The CSRF token is missing or wrong. Reload and try again.")
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: 400 or 413; 503 or 507 if a session could not be saved, which Django reports as a lost
    one."""
    if failure := backend_failure_of(exception):
        failure_reporter.report(failure, exception)
        return backend_failure_response(request, failure)
    is_too_large = type(exception).__name__ == "RequestDataTooBig"
    if is_too_large and isinstance(exception, SuspiciousOperation):
        return problem_response(413, "too_large", _("The request is too large."))
    return problem_response(400, "bad_request", _("This request is not valid."))


def wants_problem_document(request: HttpRequest) -> bool:
    """Whether errors at this path are problem documents instead of HTML pages."""
    return request.path_info.startswith(API_PATH_PREFIXES)


def not_found(
    request: HttpRequest, exception: Exception, page: PageView | None = None
) -> HttpResponse:
    """A 404 as a problem document."""
    return problem_response(404, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest, page: PageView | None = None) -> HttpResponse:
    """handler500: 503 or 507 if a backend failed outside of a view, else 500.

    A problem document at API paths, else the HTML page that `page` renders.
    """
    error = sys.exc_info()[1]  # Django calls the handler while it handles the exception
    if error is not None and (failure := backend_failure_of(error)):
        failure_reporter.report(failure, error)
        return backend_failure_response(request, failure)
    if page is not None and not wants_problem_document(request):
        return page(request)
    return problem_response(
        500, "error", _("Something broke on our side. It has been written down.")
    )
