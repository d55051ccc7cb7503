"""Unsaved work of the story page: a page sent twice, a session that ended, a save that failed.

The script of the page (`desk/static/desk/unsaved.js`) keeps what is typed in the browser until
the cookie set here says that it was saved.
"""

from django.conf import settings
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from desk.models import Draft

SAVED_COOKIE = "saved_form"
SAVED_COOKIE_SECONDS = 120


def resubmitted_draft_id(request: HttpRequest) -> str | None:
    """The number of the story that this page has begun already: after Back, or on a second click.

    The page has no version of it: it is held against the first.
    """
    draft = Draft.objects.created_by_form(
        request.POST.get("form_token", ""), by=request.user
    ).first()
    if draft is None:
        return None
    post = request.POST.copy()
    if draft.trashed_at:
        del post["form_token"]  # what lies in the trash stays there
    elif not post.get("version"):
        post["version"] = "1"
    request.POST = post  # type: ignore[assignment]  # a copy that may be changed
    return None if draft.trashed_at else str(draft.pk)


def set_saved_cookie(answer: HttpResponse, request: HttpRequest, page: str) -> HttpResponse:
    """Tell the script which page was saved, and where its story is."""
    value = urlencode({"token": request.POST.get("form_token", ""), "page": page})
    answer.set_cookie(
        SAVED_COOKIE,
        value,
        max_age=SAVED_COOKIE_SECONDS,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return answer


@never_cache
def session_state(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the CSRF token of that session; asked where a save was not accepted."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not site.has_permission(request):
        return JsonResponse({"user": None, "csrf_token": None})
    return JsonResponse({"user": request.user.pk, "csrf_token": get_token(request)})


def signed_in_page(request: HttpRequest) -> HttpResponse:
    """Where signing in again ends, in a window beside the story."""
    context = {**site.each_context(request), "title": _("Signed in")}
    return TemplateResponse(request, "desk/signed_in.html", context)
