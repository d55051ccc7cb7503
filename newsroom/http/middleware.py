"""Keeps the staff's and signed-in readers' middleware off the path of public reads.

A public read is a GET or HEAD outside the addresses below.  It has no session, sets no cookie and
does not vary on one, so that any cache may keep it and nothing personal can slip into it.
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

from newsroom.http.cache_control import REVALIDATE_ALWAYS

METHODS_KEPT_BY_301 = {"GET", "HEAD"}
PERSONAL_PATHS = ("/admin/", "/accounts/", "/_allauth/", "/api/v1/me/", "/api/v1/desk/", "/desk/")


def is_public_read(request: HttpRequest) -> bool:
    """Whether this request reads what everybody may read, the same for everybody."""
    return request.method in {"GET", "HEAD"} and not request.path_info.startswith(PERSONAL_PATHS)


class PermanentRedirectMiddleware:
    """Answers 308 instead of 301 to everything but GET and HEAD.

    After a 301 clients send a GET and take its answer for success (RFC 9110, 15.4.2); after a 308 they
    repeat what they sent (15.4.9).
    Stands around every middleware that redirects: to https, to the address with its slash.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if (
            answer.status_code == HTTPStatus.MOVED_PERMANENTLY
            and request.method not in METHODS_KEPT_BY_301
        ):
            answer.status_code = HTTPStatus.PERMANENT_REDIRECT
        return answer


class CacheableCommonMiddleware(CommonMiddleware):
    """Django's, whose way to the address with its slash is asked for each time: of what says nothing,
    browsers think as they like (RFC 9111, section 4.2.2)."""

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        # Django's refuses to redirect a body in DEBUG, since a 301 would lose it; a 308 does not.
        return str(escape_leading_slashes(request.get_full_path(force_append_slash=True)))

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        answer = super().process_response(request, response)
        if answer.status_code == HTTPStatus.MOVED_PERMANENTLY:
            if not answer.has_header("Cache-Control"):
                answer["Cache-Control"] = (
                    REVALIDATE_ALWAYS if is_public_read(request) else "no-store"
                )
            answer.headers.setdefault("Content-Length", "0")  # the same for HEAD
        return answer


class SkipPublicReads:
    """Mixed into a middleware: lets public reads pass by untouched."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_public_read(request):
            return self.get_response(request)  # type: ignore[attr-defined]  # the middleware's own
        return super().__call__(request)  # type: ignore[misc]  # the middleware it is mixed into


class PersonalSessionMiddleware(SkipPublicReads, SessionMiddleware):
    pass


class PersonalLocaleMiddleware(SkipPublicReads, LocaleMiddleware):
    """The site's own language for everybody; the staff's and the signed-in readers' choice elsewhere."""

    def __call__(self, request: HttpRequest) -> Any:
        # Also undoes what an earlier request of this thread had switched on.
        with translation.override(settings.LANGUAGE_CODE):
            return super().__call__(request)

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if request.path_info.startswith("/admin/") and not chosen:
            # At the desk the language is switched at the top of the page; a browser's own is no wish.
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE


class PersonalCsrfMiddleware(SkipPublicReads, CsrfViewMiddleware):
    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> Any:
        if is_public_read(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class PersonalAuthenticationMiddleware(SkipPublicReads, AuthenticationMiddleware):
    pass


class PersonalMessageMiddleware(SkipPublicReads, MessageMiddleware):
    pass
