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

from newsroom.api.renderers import JSON
from newsroom.errors import Invalid, Refused
from newsroom.http.backend_errors import Cause, cause_of, mark_failed, page, reporter

PROBLEM = "application/problem+json"
API = ("/api/", "/_allauth/", "/health/")
MAX_ERRORS = 20  # listed of bad input; the rest is counted


def problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
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


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what an API view raised into a problem; None (a loud 500) for what is a bug."""
    request = context["request"]
    with translation.override(get_language_from_request(request._request)):
        found = describe(exc)
        if found is None:
            return None
        set_rollback()
        body, headers = found
        answer = Response(body, status=body["status"], headers=headers, content_type=PROBLEM)
        if cause := cause_of(exc):
            reporter.report(cause, exc)
            mark_failed(answer, cause)
        answer["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        answer["Cache-Control"] = "no-store"
        return answer


def describe(exc: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The problem document and headers for a refusal or an API error; None for anything else."""
    if isinstance(exc, Invalid):
        errors = [{"pointer": f"/{name}", "detail": str(why)} for name, why in exc.fields.items()]
        return problem(exc.status, exc.code, str(exc), errors=bounded(errors)), {}
    if isinstance(exc, Refused):
        return problem(exc.status, exc.code, str(exc), **getattr(exc, "more", {})), {}
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        errors = bounded(list(pointers(exc.detail)))
        return problem(400, "invalid", _("The input is not valid."), errors=errors), {}
    if not isinstance(exc, exceptions.APIException):
        return of_backend(exc)
    headers = {}
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    if realm := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = realm
    code = getattr(exc.detail, "code", None) or exc.default_code
    return problem(exc.status_code, str(code), str(exc.detail), **getattr(exc, "more", {})), headers


def of_backend(exc: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The same for a server that is away or a disk that is full; None for a bug."""
    cause = cause_of(exc)
    if cause is None:
        return None
    failure = cause.failure
    return problem(failure.status, failure.code, str(failure.sentence)), failure.headers


def bounded(errors: list[dict[str, str]]) -> list[dict[str, str]]:
    """The first errors, and how many more there are: an answer grows no larger than a person reads."""
    more = len(errors) - MAX_ERRORS
    if more <= 1:
        return errors
    return [*errors[:MAX_ERRORS], {"pointer": "", "detail": and_more(more)}]


def and_more(count: int) -> str:
    """Words for the errors that are not listed."""
    return _("And %(count)s more.") % {"count": f"{count:,}"}


def pointers(detail: Any, at: str = "") -> Iterator[dict[str, str]]:
    """Flatten DRF's nested errors into JSON pointers (RFC 6901), one entry a sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from pointers(inner, at + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from pointers(inner, f"{at}/{index}" if nested else at)
    else:
        yield {"pointer": at, "detail": str(detail)}


def answer(status: int, code: str, detail: str) -> HttpResponse:
    """A problem document from outside an API view: middleware, URL resolver, server error."""
    body = problem(status, code, detail)
    # The API's own renderer: nobody can tell by the bytes who said no.
    response = HttpResponse(JSON().render(body), status=status, content_type=PROBLEM)
    response["Cache-Control"] = "no-store"
    return response


def refusal(exc: exceptions.APIException | Refused) -> HttpResponse:
    """A problem document for what a view outside the API refused."""
    body, headers = describe(exc) or (problem(500, "error", ""), {})
    response = HttpResponse(
        JSON().render(body), status=body["status"], headers=headers, content_type=PROBLEM
    )
    response["Cache-Control"] = "no-store"
    return response


def unavailable(request: HttpRequest, cause: Cause) -> HttpResponse:
    """503 or 507 from outside an API view: a problem document for a program, a page for a person."""
    failure = cause.failure
    if speaks_problem(request):
        with translation.override(get_language_from_request(request)):
            response = answer(failure.status, failure.code, str(failure.sentence))
    else:
        response = page(request, failure)
    mark_failed(response, cause)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page for a person, a problem document for a program."""
    if not speaks_problem(request):
        return csrf_page(request, reason)
    return answer(403, "csrf", _("The CSRF token is missing or wrong. Reload and try again."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 and 413; 503 or 507 where Django takes a session that could not be saved for a lost one."""
    if cause := cause_of(exception):
        reporter.report(cause, exception)
        return unavailable(request, cause)
    too_large = type(exception).__name__ == "RequestDataTooBig"
    if too_large and isinstance(exception, SuspiciousOperation):
        return answer(413, "too_large", _("The request is too large."))
    return answer(400, "bad_request", _("This request is not valid."))


def speaks_problem(request: HttpRequest) -> bool:
    """Whether a failure at this address is answered to a program rather than to a person."""
    return request.path_info.startswith(API)


Page = Callable[..., HttpResponse]


def not_found(request: HttpRequest, exception: Exception, page: Page | None = None) -> HttpResponse:
    return answer(404, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest, page: Page | None = None) -> HttpResponse:
    """503 or 507 where a backend failed outside of a view, such as in a session's middleware; else 500:
    the problem document, or `page` for people."""
    error = sys.exc_info()[1]  # Django calls its handler while it handles the exception
    if error is not None and (cause := cause_of(error)):
        reporter.report(cause, error)
        return unavailable(request, cause)
    if page is not None and not speaks_problem(request):
        return page(request)
    return answer(500, "error", _("Something broke on our side. It has been written down."))
