"""Voter cookie: a random number in a signed cookie identifies a browser without an account."""

import secrets

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from polls.voter_key import Voter

VOTER_COOKIE = "voter"
VOTER_COOKIE_SALT = "polls.browsers"  # another one would invalidate the cookies in use
VOTER_COOKIE_SECONDS = 365 * 24 * 3600
VOTER_COOKIE_PATH = "/api/v1/"  # pages neither get nor need it


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
