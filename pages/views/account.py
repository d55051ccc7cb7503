"""Account pages (sign-in, password, e-mail verification, "my page"); scripts fill in what is personal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comments.models import Topic
from pages.views.context import render_page

PROVIDER_NAMES = {"kakao": "카카오", "naver": "네이버"}


def configured_providers() -> dict[str, str]:
    """Social sign-in providers whose keys are set, with their names: {"kakao": "카카오"}."""
    return {
        key: name for key, name in PROVIDER_NAMES.items() if key in settings.SOCIALACCOUNT_PROVIDERS
    }


def text_urls() -> dict[str, Any]:
    """The addresses of the terms of use and of the privacy statement; "" where they are not published."""
    return {"terms_url": settings.TERMS_URL, "privacy_url": settings.PRIVACY_URL}


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Page to sign in, sign up and sign out."""
    return render_page(
        request, "pages/account.html", providers=configured_providers(), **text_urls()
    )


@require_safe
def request_password_reset(request: HttpRequest) -> HttpResponse:
    """Page to request a password reset by e-mail."""
    return render_page(request, "pages/forgotten.html")


@require_safe
def new_password(request: HttpRequest, key: str) -> HttpResponse:
    """Page to set a new password; the e-mail of `request_password_reset` links to it."""
    return mark_secret_url(render_page(request, "pages/new_password.html"))


@require_safe
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """Page to confirm an e-mail address; the verification e-mail links to it."""
    return mark_secret_url(render_page(request, "pages/verify.html"))


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Page of the reader's saved articles, comments and account data."""
    return render_page(
        request,
        "pages/me.html",
        closing_days=settings.ACCOUNT_CLOSING_DAYS,
        notification_topics=list(Topic),
        **text_urls(),
    )


def mark_secret_url(response: HttpResponse) -> HttpResponse:
    """Set the headers that keep a page whose URL is a secret out of caches and referrers."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
