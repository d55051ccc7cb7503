"""The reader's own pages. The page is the same for everybody: a script fills in what is personal."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pages.views.context import render_page

PROVIDER_NAMES = {"kakao": "카카오", "naver": "네이버"}


def configured_providers() -> dict[str, str]:
    """The other ways to sign in whose keys are set: {"kakao": "카카오"}."""
    return {
        key: name for key, name in PROVIDER_NAMES.items() if key in settings.SOCIALACCOUNT_PROVIDERS
    }


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Sign in, sign up, sign out."""
    return render_page(request, "pages/account.html", providers=configured_providers())


@require_safe
def request_password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a letter to set a new password."""
    return render_page(request, "pages/forgotten.html")


@require_safe
def new_password(request: HttpRequest, key: str) -> HttpResponse:
    """Where that letter leads."""
    return mark_secret_url(render_page(request, "pages/new_password.html"))


@require_safe
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """Where the letter leads that confirms an address."""
    return mark_secret_url(render_page(request, "pages/verify.html"))


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What a reader keeps and has said."""
    return render_page(request, "pages/me.html")


def mark_secret_url(answer: HttpResponse) -> HttpResponse:
    """The address holds a secret: no cache keeps it, no other site hears of it, the page repeats it not."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
