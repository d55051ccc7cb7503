"""How a browser without an account is known again: a random number in a signed cookie."""

import secrets

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from polls.voter_key import Voter

VOTER_COOKIE = "voter"
VOTER_COOKIE_SALT = "polls.api.voter_cookie"
VOTER_COOKIE_SECONDS = 365 * 24 * 3600
VOTER_COOKIE_PATH = "/api/v1/"  # pages neither get nor need it


class CrossSiteRequest(PermissionDenied):
    default_code = "foreign_origin"
    default_detail = _("This comes from another site. Open ours, then try again.")


def voter_of_request(request: Request) -> Voter:
    """Who asks: the account signed in, the browser known from an earlier vote, both or neither."""
    account = request.user.pk if request.user and request.user.is_authenticated else None
    return Voter(account=account, browser=voter_cookie_of(request))


def voter_cookie_of(request: Request) -> str:
    """The number in the cookie; empty without one, with one we did not sign, or with an old one."""
    known = request.get_signed_cookie(
        VOTER_COOKIE, default="", salt=VOTER_COOKIE_SALT, max_age=VOTER_COOKIE_SECONDS
    )
    return known or ""


def new_voter_id() -> str:
    """128 random bits in hex: says nothing of the person or the machine."""
    return secrets.token_hex(16)


def set_voter_cookie(answer: Response, browser: str) -> None:
    """Let the browser bring its number along for a year; no script reads it, no other site sends it."""
    answer.set_signed_cookie(
        VOTER_COOKIE,
        browser,
        salt=VOTER_COOKIE_SALT,
        max_age=VOTER_COOKIE_SECONDS,
        path=VOTER_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def refuse_cross_site(request: Request) -> None:
    """Raise ForeignOrigin (403) when a page of another site sends this in somebody's browser.

    Browsers say where a request comes from (`Origin`, `Sec-Fetch-Site`) and pages cannot change that;
    programs say nothing and carry nobody's cookie.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    else:
        ours = {
            origin_of_request(request),
            *settings.CSRF_TRUSTED_ORIGINS,
            *settings.CORS_ALLOWED_ORIGINS,
        }
        foreign = origin not in ours
    if foreign:
        raise CrossSiteRequest


def origin_of_request(request: Request) -> str:
    """The origin this request was sent to."""
    return f"{request.scheme}://{request.get_host()}"
