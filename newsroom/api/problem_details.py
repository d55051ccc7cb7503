"""Every error as a problem document (RFC 9457), for the API and for whatever fails around it."""

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
    failure_reporter,
    page,
    set_backend_failure,
)

PROBLEM_CONTENT_TYPE = "application/problem+json"
API_PATH_PREFIXES = ("/api/", "/_allauth/", "/health/")
MAX_LISTED_ERRORS = 20  # listed of bad input; the rest is counted


def problem_document(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem document; `type` is about:blank, so `title` is the status phrase."""
    title = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what an API view raised into a problem; None (a loud 500) for what is a bug."""
    request = context["request"]
    with translation.override(get_language_from_request(request._request)):
        found = problem_of_exception(exc)
        if found is None:
            return None
        set_rollback()
        body, headers = found
        answer = Response(
            body, status=body["status"], headers=headers, content_type=PROBLEM_CONTENT_TYPE
        )
        if cause := backend_failure_of(exc):
            failure_reporter.report(cause, exc)
            set_backend_failure(answer, cause)
        answer["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        answer["Cache-Control"] = "no-store"
        return answer


def problem_of_exception(exc: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The problem document and headers for a refusal or an API error; None for anything else."""
    if isinstance(exc, InvalidInput):
        errors = [{"pointer": f"/{name}", "detail": str(why)} for name, why in exc.fields.items()]
        return problem_document(exc.status, exc.code, str(exc), errors=limit_errors(errors)), {}
    if isinstance(exc, Refused):
        return problem_document(exc.status, exc.code, str(exc), **getattr(exc, "more", {})), {}
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
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    if realm := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = realm
    code = getattr(exc.detail, "code", None) or exc.default_code
    return problem_document(
        exc.status_code, str(code), str(exc.detail), **getattr(exc, "more", {})
    ), headers


def problem_of_backend_failure(exc: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The same for a server that is away or a disk that is full; None for a bug."""
    cause = backend_failure_of(exc)
    if cause is None:
        return None
    failure = cause.failure
    return problem_document(failure.status, failure.code, str(failure.sentence)), failure.headers


def limit_errors(errors: list[dict[str, str]]) -> list[dict[str, str]]:
    """The first errors, and how many more there are: an answer grows no larger than a person reads."""
    more = len(errors) - MAX_LISTED_ERRORS
    if more <= 1:
        return errors
    return [*errors[:MAX_LISTED_ERRORS], {"pointer": "", "detail": more_errors_message(more)}]


def more_errors_message(count: int) -> str:
    """Words for the errors that are not listed."""
    return _("And %(count)s more.") % {"count": f"{count:,}"}


def flatten_errors(detail: Any, at: str = "") -> Iterator[dict[str, str]]:
    """Flatten DRF's nested errors into JSON pointers (RFC 6901), one entry a sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from flatten_errors(inner, at + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from flatten_errors(inner, f"{at}/{index}" if nested else at)
    else:
        yield {"pointer": at, "detail": str(detail)}


def problem_response(status: int, code: str, detail: str) -> HttpResponse:
    """A problem document from outside an API view: middleware, URL resolver, server error."""
    body = problem_document(status, code, detail)
    # The API's own renderer: nobody can tell by the bytes who said no.
    response = HttpResponse(
        UTF8JSONRenderer().render(body), status=status, content_type=PROBLEM_CONTENT_TYPE
    )
    response["Cache-Control"] = "no-store"
    return response


def exception_response(exc: exceptions.APIException | Refused) -> HttpResponse:
    """A problem document for what a view outside the API refused."""
    body, headers = problem_of_exception(exc) or (problem_document(500, "error", ""), {})
    response = HttpResponse(
        UTF8JSONRenderer().render(body),
        status=body["status"],
        headers=headers,
        content_type=PROBLEM_CONTENT_TYPE,
    )
    response["Cache-Control"] = "no-store"
    return response


def backend_failure_response(request: HttpRequest, cause: BackendFailure) -> HttpResponse:
    """503 or 507 from outside an API view: a problem document for a program, a page for a person."""
    failure = cause.failure
    if wants_problem_document(request):
        with translation.override(get_language_from_request(request)):
            response = problem_response(failure.status, failure.code, str(failure.sentence))
    else:
        response = page(request, failure)
    set_backend_failure(response, cause)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page for a person, a problem document for a program."""
    if not wants_problem_document(request):
        return csrf_page(request, reason)
    return problem_response(
        403, "csrf", _("The CSRF token is missing or wrong. Reload and try again.")
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 and 413; 503 or 507 where Django takes a session that could not be saved for a lost one."""
    if cause := backend_failure_of(exception):
        failure_reporter.report(cause, exception)
        return backend_failure_response(request, cause)
    too_large = type(exception).__name__ == "RequestDataTooBig"
    if too_large and isinstance(exception, SuspiciousOperation):
        return problem_response(413, "too_large", _("The request is too large."))
    return problem_response(400, "bad_request", _("This request is not valid."))


def wants_problem_document(request: HttpRequest) -> bool:
    """Whether a failure at this address is answered to a program rather than to a person."""
    return request.path_info.startswith(API_PATH_PREFIXES)


PageView = Callable[..., HttpResponse]


def not_found(
    request: HttpRequest, exception: Exception, page: PageView | None = None
) -> HttpResponse:
    return problem_response(404, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest, page: PageView | None = None) -> HttpResponse:
    """503 or 507 where a backend failed outside of a view, such as in a session's middleware; else 500:
    the problem document, or `page` for people."""
    error = sys.exc_info()[1]  # Django calls its handler while it handles the exception
    if error is not None and (cause := backend_failure_of(error)):
        failure_reporter.report(cause, error)
        return backend_failure_response(request, cause)
    if page is not None and not wants_problem_document(request):
        return page(request)
    return problem_response(
        500, "error", _("Something broke on our side. It has been written down.")
    )
