"""Django's personal middleware (sessions, language, CSRF, authentication), skipped for public reads.

A public read is a GET or HEAD outside of PERSONAL_PATHS. It has no session, sets no cookie and does not
vary on one, so that any cache may store it and nothing personal can be in it.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.http import escape_leading_slashes

from newsroom.api.problem_details import API_PATH_PREFIXES
from newsroom.http.cache_control import REVALIDATE_ALWAYS

METHODS_KEPT_BY_301 = {"GET", "HEAD"}
PERSONAL_PATHS = ("/admin/", "/accounts/", "/_allauth/", "/api/v1/me/", "/api/v1/desk/", "/desk/")


def is_public_read(request: HttpRequest) -> bool:
    """Whether the request is a GET or HEAD whose response is the same for everybody."""
    return request.method in {"GET", "HEAD"} and not request.path_info.startswith(PERSONAL_PATHS)


class PermanentRedirectMiddleware:
    """Turns 301 into 308 for methods other than GET and HEAD.

    After a 301 clients repeat the request as GET (RFC 9110, section 15.4.2), after a 308 unchanged
    (15.4.9). Placed outside of every middleware that redirects: to https, to the path with a slash.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            response.status_code == HTTPStatus.MOVED_PERMANENTLY
            and request.method not in METHODS_KEPT_BY_301
        ):
            response.status_code = HTTPStatus.PERMANENT_REDIRECT
        return response


class CacheableCommonMiddleware(CommonMiddleware):
    """Django's CommonMiddleware with a Cache-Control on its redirects to the path with a slash.

    Without one browsers may cache a 301 for as long as they like (RFC 9111, section 4.2.2).
    """

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        # Django refuses to redirect a body in DEBUG, since a 301 would lose it; a 308 does not.
        return str(escape_leading_slashes(request.get_full_path(force_append_slash=True)))

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        processed: HttpResponseBase = super().process_response(request, response)
        if processed.status_code == HTTPStatus.MOVED_PERMANENTLY:
            if not processed.has_header("Cache-Control"):
                is_public = is_public_read(request)
                processed["Cache-Control"] = REVALIDATE_ALWAYS if is_public else "no-store"
            processed.headers.setdefault("Content-Length", "0")  # the same for HEAD
        return processed


class SkipPublicReads:
    """Mixin for a middleware: public reads pass by it."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_public_read(request):
            return self.get_response(request)  # type: ignore[attr-defined]  # the middleware's own
        return super().__call__(request)  # type: ignore[misc]  # the middleware it is mixed into


class PersonalSessionMiddleware(SkipPublicReads, SessionMiddleware):
    """Sessions, outside of public reads."""


class PersonalLocaleMiddleware(SkipPublicReads, LocaleMiddleware):
    """The site's language for public reads; the chosen language elsewhere."""

    def __call__(self, request: HttpRequest) -> Any:
        # Also resets a language that an earlier request activated in this thread.
        with translation.override(settings.LANGUAGE_CODE):
            return super().__call__(request)

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        is_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not is_chosen and not request.path_info.startswith(API_PATH_PREFIXES):
            # The admin has a language switch on each page, whose cookie is sent to the admin alone; other
            # pages are in the site's language. Accept-Language chooses that of API responses.
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE


class PersonalCsrfMiddleware(SkipPublicReads, CsrfViewMiddleware):
    """CSRF protection, outside of public reads."""

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> Any:
        if is_public_read(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class PersonalAuthenticationMiddleware(SkipPublicReads, AuthenticationMiddleware):
    """`request.user`, outside of public reads."""


class PersonalMessageMiddleware(SkipPublicReads, MessageMiddleware):
    """Flash messages, outside of public reads."""
