"""Known-browser cookie: a random number that identifies a browser which has signed in before.

Only its keyed digest is stored (accounts.authentication.known_clients).  App clients get no cookie.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.authentication.known_clients import KNOWN_CLIENT_LIFETIME, user_ids_known_to
from accounts.models import User
from newsroom.http.client_ip import client_throttle_key

KNOWN_BROWSER_COOKIE = "known_browser"
MAX_COOKIE_CHARS = 64


def ip_client(request: HttpRequest) -> str:
    """The IP address of a request as a client name: `address:…`."""
    return f"address:{client_throttle_key(request.META, proxies=settings.TRUSTED_PROXIES)}"


def browser_client(request: HttpRequest) -> str:
    """The browser of a request as a client name, `browser:…`; empty without the cookie."""
    number = request.COOKIES.get(KNOWN_BROWSER_COOKIE, "")
    return f"browser:{number}" if 0 < len(number) <= MAX_COOKIE_CHARS else ""


def is_app_client(request: HttpRequest) -> bool:
    """Whether the request is of allauth's app client, which has no cookies."""
    headless = getattr(getattr(request, "allauth", None), "headless", None)
    return getattr(headless, "client", None) == "app"


def sign_in_clients(request: HttpRequest, user: User) -> list[str]:
    """The clients to record for a sign-in: IP address and browser, which gets a cookie.

    The number of a browser is kept only if this account has signed in with it before; so a number that an
    attacker has planted in a browser is useless.
    """
    clients = [ip_client(request)]
    if is_app_client(request):
        return clients
    browser = browser_client(request)
    if not (browser and user_ids_known_to(browser, users=[user])):
        browser = f"browser:{secrets.token_urlsafe(32)}"
    request.known_browser = browser.removeprefix("browser:")  # type: ignore[attr-defined]  # for KnownBrowser
    return [*clients, browser]


class KnownBrowserMiddleware:
    """Middleware that sets the cookie on the response to a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        number: Any = getattr(request, "known_browser", "")
        if number:
            response.set_cookie(
                KNOWN_BROWSER_COOKIE,
                number,
                max_age=int(KNOWN_CLIENT_LIFETIME.total_seconds()),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
