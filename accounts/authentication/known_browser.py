"""How a browser is known again that has signed in before: a random number in a cookie.

Only its keyed digest is kept (accounts.authentication.known_clients).  Programs of the app client get none.
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
    """The network address that a request is counted for, as a client."""
    return f"address:{client_throttle_key(request.META, proxies=settings.TRUSTED_PROXIES)}"


def browser_client(request: HttpRequest) -> str:
    """The browser that a request comes from, as a client; empty where it brings no number along."""
    number = request.COOKIES.get(KNOWN_BROWSER_COOKIE, "")
    return f"browser:{number}" if 0 < len(number) <= MAX_COOKIE_CHARS else ""


def is_app_client(request: HttpRequest) -> bool:
    """Whether a program asks that keeps no cookies (allauth's app client)."""
    headless = getattr(getattr(request, "allauth", None), "headless", None)
    return getattr(headless, "client", None) == "app"


def sign_in_clients(request: HttpRequest, user: User) -> list[str]:
    """The clients to remember for somebody who has just signed in; gives the browser a number.

    One that it brings along stays only where it is this person's already: nobody can lay a number into
    another's browser and guess with it later.
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
    """Middleware: sends the cookie along with the answer to a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        number: Any = getattr(request, "known_browser", "")
        if number:
            answer.set_cookie(
                KNOWN_BROWSER_COOKIE,
                number,
                max_age=int(KNOWN_CLIENT_LIFETIME.total_seconds()),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return answer
