"""How a browser without an account is known again: a random number in a signed cookie."""

import secrets

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from polls.voter_key import Voter

COOKIE = "voter"
SALT = "polls.voter_cookie"
A_YEAR = 365 * 24 * 3600
PATH = "/api/v1/"  # pages neither get nor need it


class ForeignOrigin(PermissionDenied):
    default_code = "foreign_origin"
    default_detail = _("This comes from another site. Open ours, then try again.")


def voter_at(request: Request) -> Voter:
    """Who asks: the account signed in, the browser known from an earlier vote, both or neither."""
    account = request.user.pk if request.user and request.user.is_authenticated else None
    return Voter(account=account, browser=browser_of(request))


def browser_of(request: Request) -> str:
    """The number in the cookie; empty without one, with one we did not sign, or with an old one."""
    known = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=A_YEAR)
    return known or ""


def new_browser() -> str:
    """128 random bits in hex: says nothing of the person or the machine."""
    return secrets.token_hex(16)


def remember(answer: Response, browser: str) -> None:
    """Let the browser bring its number along for a year; no script reads it, no other site sends it."""
    answer.set_signed_cookie(
        COOKIE,
        browser,
        salt=SALT,
        max_age=A_YEAR,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def refuse_foreign(request: Request) -> None:
    """Raise ForeignOrigin (403) when a page of another site sends this in somebody's browser.

    Browsers say where a request comes from (`Origin`, `Sec-Fetch-Site`) and pages cannot change that;
    programs say nothing and carry nobody's cookie.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    else:
        ours = {own_origin(request), *settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}
        foreign = origin not in ours
    if foreign:
        raise ForeignOrigin


def own_origin(request: Request) -> str:
    """The origin this request was sent to."""
    return f"{request.scheme}://{request.get_host()}"
