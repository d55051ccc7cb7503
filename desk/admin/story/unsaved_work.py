"""Unsaved work of the story page: forms submitted twice, expired sessions, failed saves.

The script of the page (`desk/static/desk/unsaved.js`) stores the form in the browser until the cookie
set here confirms that it was saved.
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
    """The id of the draft that this form has created already (sent again after Back, or by double click).

    Such a form has no version; its expected version is 1. None where the draft is in the trash.
    """
    draft = Draft.objects.created_by_form(
        request.POST.get("form_token", ""), by=request.user
    ).first()
    if draft is None:
        return None
    post = request.POST.copy()
    if draft.trashed_at:
        del post["form_token"]  # a new draft is created
    elif not post.get("version"):
        post["version"] = "1"
    request.POST = post  # type: ignore[assignment]  # a mutable copy
    return None if draft.trashed_at else str(draft.pk)


def set_saved_cookie(response: HttpResponse, request: HttpRequest, page: str) -> HttpResponse:
    """Set the cookie that tells the script which form was saved, and the address of its story."""
    value = urlencode({"token": request.POST.get("form_token", ""), "page": page})
    response.set_cookie(
        SAVED_COOKIE,
        value,
        max_age=SAVED_COOKIE_SECONDS,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@never_cache
def session_state(request: HttpRequest) -> HttpResponse:
    """JSON with the signed-in user and the CSRF token; the script asks for it after a refused save."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not site.has_permission(request):
        return JsonResponse({"user": None, "csrf_token": None})
    return JsonResponse({"user": request.user.pk, "csrf_token": get_token(request)})


def signed_in_page(request: HttpRequest) -> HttpResponse:
    """The page shown after signing in again in a second window."""
    context = {**site.each_context(request), "title": _("Signed in")}
    return TemplateResponse(request, "desk/signed_in.html", context)
