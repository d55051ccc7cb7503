"""Voter cookie: a random number in a signed cookie identifies a browser; refusal of cross-site requests."""

import secrets

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from polls.voter_key import Voter

VOTER_COOKIE = "voter"
VOTER_COOKIE_SALT = "polls.browsers"  # another one would invalidate the cookies in use
VOTER_COOKIE_SECONDS = 365 * 24 * 3600
VOTER_COOKIE_PATH = "/api/v1/"  # pages neither get nor need it


class CrossSiteRequest(PermissionDenied):
    """A page of another site has sent the request (403, `foreign_origin`)."""

    default_code = "foreign_origin"
    default_detail = _("This comes from another site. Open ours, then try again.")


def voter_of_request(request: Request) -> Voter:
    """The voter of a request: the signed-in account, the browser of an earlier vote, both or neither."""
    account = request.user.pk if request.user and request.user.is_authenticated else None
    return Voter(account=account, browser=voter_cookie_of(request))


def voter_cookie_of(request: Request) -> str:
    """The number in the voter cookie; empty if there is none or its signature is wrong or expired."""
    number = request.get_signed_cookie(
        VOTER_COOKIE, default="", salt=VOTER_COOKIE_SALT, max_age=VOTER_COOKIE_SECONDS
    )
    return number or ""


def new_voter_id() -> str:
    """128 random bits in hex, which say nothing of the person or the machine."""
    return secrets.token_hex(16)


def set_voter_cookie(response: Response, browser: str) -> None:
    """Set the voter cookie for a year: HttpOnly, SameSite=Lax, signed."""
    response.set_signed_cookie(
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
    """Raise CrossSiteRequest (403) for a request that a page of another site makes in a browser.

    Browsers send `Origin` or `Sec-Fetch-Site`, which pages cannot change; other clients send neither
    and have no cookie of somebody else.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        is_foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    else:
        own_origin = f"{request.scheme}://{request.get_host()}"
        trusted = {own_origin, *settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}
        is_foreign = origin not in trusted
    if is_foreign:
        raise CrossSiteRequest
