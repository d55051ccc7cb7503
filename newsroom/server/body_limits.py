"""Maximum size of a request body by endpoint, and the middleware that refuses larger ones.

The server (newsroom/server/rsgi.py) applies the limits before it receives a body; the middleware applies
them behind any other server too, and renders the error responses of both. Every endpoint that writes is
in the table (tests/newsroom/server/test_body_limits.py); others get the default.
"""

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from newsroom.api.problem_details import problem_response, wants_problem_document
from newsroom.server.request_body import BodyRefusal

KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024
DEFAULT_MAX_BODY_BYTES = 16 * KIBIBYTE
# Set by the server in the WSGI environ, under a name that no client header can have.
BODY_REFUSAL_ENVIRON_KEY = "newsroom.body_refusal"
# Parsing percent-encoded text takes 0.1 s a megabyte; 116,000 Korean syllables fit.
URLENCODED_CONTENT_TYPE, URLENCODED_MAX_BODY_BYTES = "application/x-www-form-urlencoded", MEBIBYTE
MULTIPART_OVERHEAD_BYTES = 64 * KIBIBYTE  # the other fields of a form with a file, and boundaries
PHOTO_MAX_BODY_BYTES = settings.UPLOAD_MAX_BYTES + MULTIPART_OVERHEAD_BYTES

# By route name, * for any ending; the first match counts. Text may be escaped in JSON: six bytes for a
# Korean syllable.
MAX_BODY_BYTES_BY_ROUTE: dict[str, int] = {
    # Readers
    "article-views": 4 * KIBIBYTE,
    "article-save": 4 * KIBIBYTE,
    "poll-vote": 4 * KIBIBYTE,
    "comment-reaction": 4 * KIBIBYTE,
    "comment-list": 64 * KIBIBYTE,
    "comment-detail": 64 * KIBIBYTE,
    "comment-reports": 64 * KIBIBYTE,
    "comment-appeal": 64 * KIBIBYTE,
    "comment-block-*": 64 * KIBIBYTE,
    "my-sanction-appeal": 64 * KIBIBYTE,
    "api-me": 16 * KIBIBYTE,
    "my-email-*": 4 * KIBIBYTE,
    "my-session*": 4 * KIBIBYTE,
    "my-ignored-*": 4 * KIBIBYTE,
    "my-consent": 4 * KIBIBYTE,
    "my-closing": 4 * KIBIBYTE,
    "my-notification*": 4 * KIBIBYTE,
    "unsubscribe": 4 * KIBIBYTE,
    "set_language": 4 * KIBIBYTE,
    # Sign-in
    "headless:*": 16 * KIBIBYTE,
    "app:*": 16 * KIBIBYTE,
    "browser:*": 16 * KIBIBYTE,
    "account_*": 16 * KIBIBYTE,
    "socialaccount_*": 16 * KIBIBYTE,
    "mfa_*": 16 * KIBIBYTE,
    # Agencies
    "wire-intake": 10 * MEBIBYTE,
    "wire-*": 16 * KIBIBYTE,
    # The desk
    "desk-comments-policy": 16 * KIBIBYTE,
    "desk-pin": 4 * KIBIBYTE,
    "desk-drafts": 2 * MEBIBYTE,
    "desk-draft": 2 * MEBIBYTE,
    "desk-photos": PHOTO_MAX_BODY_BYTES,
    "desk-erase": 16 * KIBIBYTE,
    "desk-suggestion*": 4 * KIBIBYTE,
    "desk-bulk": 64 * KIBIBYTE,
    "desk-moderation-lease": 4 * KIBIBYTE,
    "desk-comment-decision": 16 * KIBIBYTE,
    "desk-claims": 128 * KIBIBYTE,
    "desk-claim": 128 * KIBIBYTE,
    "desk-poll-*": 16 * KIBIBYTE,
    "desk-*": 64 * KIBIBYTE,
    # The admin
    "admin:media_photo_add": PHOTO_MAX_BODY_BYTES,
    "admin:media_photo_change": PHOTO_MAX_BODY_BYTES,
    "admin:desk_draft_add": 2 * MEBIBYTE,
    "admin:desk_draft_autosave*": 2 * MEBIBYTE,
    "admin:desk_draft_change": 2 * MEBIBYTE,
    "admin:desk_draft_preview*": 2 * MEBIBYTE,
    "admin:login": 16 * KIBIBYTE,
    "admin:*": 256 * KIBIBYTE,
}
# Up to this size, the route need not be known.
SMALLEST_MAX_BODY_BYTES = min(DEFAULT_MAX_BODY_BYTES, *MAX_BODY_BYTES_BY_ROUTE.values())


def max_body_bytes(path: str, content_type: str = "") -> int:
    """Maximum bytes of a body of this type at this path."""
    try:
        limit = max_body_bytes_of_route(resolve(path).view_name)
    except Http404:
        return DEFAULT_MAX_BODY_BYTES
    # as Django parses it
    is_urlencoded = content_type.strip().lower().startswith(URLENCODED_CONTENT_TYPE)
    return min(limit, URLENCODED_MAX_BODY_BYTES) if is_urlencoded else limit


@lru_cache(maxsize=1024)
def max_body_bytes_of_route(name: str) -> int:
    """Maximum bytes of a body at the route of this name."""
    sizes = (
        size for pattern, size in MAX_BODY_BYTES_BY_ROUTE.items() if fnmatchcase(name, pattern)
    )
    return next(sizes, DEFAULT_MAX_BODY_BYTES)


class BodyLimitMiddleware:
    """Refuses requests whose body is too large, or was refused by the server, before the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if reason := request.META.get(BODY_REFUSAL_ENVIRON_KEY):
            return refusal_response(request, reason)
        length = content_length_of(request)
        if length > SMALLEST_MAX_BODY_BYTES and length > max_body_bytes_of(request):
            return refusal_response(request, BodyRefusal.TOO_LARGE)
        return self.get_response(request)


def max_body_bytes_of(request: HttpRequest) -> int:
    return max_body_bytes(request.path_info, request.META.get("CONTENT_TYPE", ""))


def content_length_of(request: HttpRequest) -> int:
    """Content-Length as Django parses it: 0 if it is not a number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def refusal_response(request: HttpRequest, reason: str) -> HttpResponse:
    """The error response to a refused body: a problem document, or an HTML page for browsers."""
    request.resolver_match = resolver_match_of(request)  # metrics are counted by route
    with translation.override(get_language_from_request(request)):
        status, message = status_and_sentence(request, reason)
        if wants_problem_document(request) or "text/html" not in request.headers.get("Accept", ""):
            response = problem_response(status, reason, message)
        else:
            context = {"words": message}
            response = render(request, "newsroom/body_refused.html", context, status=status)
            response["Cache-Control"] = "no-store"
        response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    if status == 503:
        response["Retry-After"] = "5"
    return response


def resolver_match_of(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Http404:
        return None


def status_and_sentence(request: HttpRequest, reason: str) -> tuple[int, str]:
    """HTTP status and message for a reason (BodyRefusal)."""
    sentences: dict[str, tuple[int, Any]] = {
        BodyRefusal.TIMEOUT: (408, _("The request took too long to arrive. Please send it again.")),
        BodyRefusal.INCOMPLETE: (400, _("The request ended before all of it had arrived.")),
        BodyRefusal.BUSY: (503, _("Too much is being sent here at once. Try again in a moment.")),
        BodyRefusal.NO_SPACE: (507, _("There is no room left to take this in. Try again later.")),
    }
    if reason in sentences:
        return sentences[reason]
    size = human_readable_size(max_body_bytes_of(request))
    return 413, _("This request is larger than is taken here: at most %(size)s.") % {"size": size}


def human_readable_size(size: int) -> str:
    """A size in MB or kB."""
    return f"{size // MEBIBYTE} MB" if size >= MEBIBYTE else f"{size // KIBIBYTE} kB"
