"""Agency copy of a story in the admin: its start from a wire story, the version used
beside the current one, and the hold to end."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from accounts.models import User
from desk.actions import end_hold, start_another_from_wire, start_from_wire
from desk.actions.agency.copy_parts import copy_parts
from desk.actions.agency.taking_over import has_stricter_rights
from desk.admin.story.agency_take_over import TakeOverPages, compared_version, copy_versions
from desk.admin.story.draft_requests import run_and_redirect
from desk.agency_copy.status import agency_changes, agency_copy_of, takings_of
from desk.errors.wire import AlreadyTaken
from desk.models import Draft
from desk.section_rights import may_publish_draft, may_write_draft
from newsroom.admin.row_ids import is_id
from newsroom.errors import Refused
from wire.models import Story


class AgencyCopyPages(TakeOverPages):
    """The page of a story's agency copy, for the admin of drafts."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.agency_copy)
        begin = self.admin_site.admin_view(self.from_wire)
        own = [
            path("<int:pk>/agency/", page, name="desk_draft_agency"),
            path("from-wire/<int:pk>/", begin, name="desk_draft_from_wire"),
        ]
        return [*own, *super().get_urls()]

    def from_wire(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start a draft from a wire story, by POST; asks where one was begun already."""
        return write_from_wire(self, request, pk)

    def agency_copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the version used, or that of `?from=`, beside the current one. POST: end the hold that was
        read."""
        draft = self.viewed_draft(request, pk)
        copy = agency_copy_of(draft)
        if copy is None:
            raise Http404
        if request.method == "POST":
            return self.confirm(request, draft)
        user, is_kept = cast("User", request.user), draft.trashed_at is None
        current = copy.used.story.current or copy.used
        before = compared_version(copy.used, request.GET.get("from", ""))
        is_stricter = has_stricter_rights(current, copy.used)
        may_take = is_kept and may_write_draft(user, draft) and copy.used.story.is_usable()
        context = {
            "title": _("Agency copy"),
            "copy": copy,
            "before": before,
            "current": current,
            "older_versions": [v for v in copy_versions(copy.used.story_id) if v != current],
            "change": agency_changes([draft]).get(draft.pk),
            "parts": copy_parts(draft, before, current),
            "may_confirm": is_kept and may_publish_draft(user, draft),
            "may_take": may_take,
            "may_take_changes": may_take and not is_stricter,
            "is_stricter": is_stricter,
        }
        return self.version_page(request, draft, "desk/agency_copy.html", context)

    def confirm(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        """End the hold that the form names, as its user read it."""
        hold, version = request.POST.get("hold", ""), request.POST.get("version", "")
        try:
            end_hold(
                draft,
                hold=int(hold) if is_id(hold) else 0,
                by=cast("User", request.user),
                note=request.POST.get("note", ""),
                version=int(version) if is_id(version) else 0,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:desk_draft_agency", draft.pk)
        messages.success(request, _("Confirmed. The story is no longer held back."))
        return redirect("admin:desk_draft_change", draft.pk)


def write_from_wire(page: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the new draft, or a page that asks first and links the drafts begun before."""
    story = get_object_or_404(Story.objects.with_current_version(), pk=pk)
    act = start_another_from_wire if "again" in request.POST else start_from_wire

    def start(user: User) -> Draft:
        return act(story, by=user)

    try:
        return run_and_redirect(
            request, start, _("Draft started from the wire story."), AlreadyTaken
        )
    except AlreadyTaken:
        return taken_page(page, request, story)


def taken_page(page: Any, request: HttpRequest, story: Story) -> HttpResponse:
    """The page that asks whether to write a second story from the same agency copy."""
    context = {
        **page.admin_site.each_context(request),
        "title": _("Somebody is writing from it already"),
        "opts": Story._meta,
        "story": story,
        "takings": takings_of([story.pk], user=request.user).get(story.pk, []),
        "media": page.media,
    }
    return TemplateResponse(request, "desk/wire_taken.html", context)
