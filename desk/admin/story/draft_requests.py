"""Requests of the stories' admin beside the form: schedule a bundle, start from the wire, restore."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from desk.actions import add_to_bundle, schedule_bundle
from desk.admin.schedule_forms import BundleForm, submitted_versions
from desk.models import Bundle, Draft
from desk.permissions import may_write
from desk.status import status_chips
from newsroom.errors import Refused


def schedule_together_page(page: Any, request: HttpRequest, drafts: list[Any]) -> HttpResponse:
    """The page that asks for the time of a bundle, and schedules these stories as one."""
    form = BundleForm(request.POST if "is_submitted" in request.POST else None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            bundle = schedule_or_extend_bundle(request, drafts, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _now("Scheduled together: all of them are published, or none.")
            )
            return redirect("admin:desk_bundle_change", bundle.pk)
    for draft in drafts:
        draft.chips = status_chips(draft)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Schedule as a bundle"),
        "opts": page.opts,
        "drafts": drafts,
        "form": form,
        "media": page.media + form.media,
    }
    return TemplateResponse(request, "desk/schedule_bundle.html", context)


def schedule_or_extend_bundle(
    request: HttpRequest, drafts: list[Draft], *, title: str, at: Any, bundle: Bundle | None
) -> Bundle:
    """A new bundle of these drafts, or `bundle` with the drafts added."""
    params: Any = {"by": request.user, "versions": submitted_versions(request.POST, drafts)}
    if bundle:
        return add_to_bundle(bundle, drafts=drafts, **params)
    return schedule_bundle(drafts, title=title, at=at, **params)


def run_and_redirect(
    request: HttpRequest,
    action: Callable[[User], Draft],
    success_message: str,
    *answered: type[Refused],
) -> HttpResponse:
    """Run the action by POST for users who may write, and redirect to its draft.

    A refusal redirects to the dashboard with its sentence, but for those that the caller answers; 405 for
    other methods, 403 without the right.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may_write(request.user):  # type: ignore[arg-type]  # the admin lets only staff this far
        raise PermissionDenied
    try:
        draft = action(cast("User", request.user))
    except answered:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:index")
    messages.success(request, success_message)
    return redirect("admin:desk_draft_change", draft.pk)
