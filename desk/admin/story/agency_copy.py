"""Agency copy of a story in the admin: the version used beside the current one, and the hold to end."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from accounts.models import User
from desk.actions import end_hold
from desk.admin.story.draft_versions import VersionPages
from desk.models import Draft
from desk.section_rights import may_publish_draft
from desk.versions.agency_diff import compare_copy
from desk.wire_status import agency_changes, agency_copy_of
from newsroom.admin.row_ids import is_id
from newsroom.errors import Refused


class AgencyCopyPages(VersionPages):
    """The page of a story's agency copy, for the admin of drafts."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.agency_copy)
        own = [path("<int:pk>/agency/", page, name="desk_draft_agency")]
        return [*own, *super().get_urls()]

    def agency_copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the version used and the current one side by side. POST: end the hold that was read."""
        draft = self.viewed_draft(request, pk)
        copy = agency_copy_of(draft)
        if copy is None:
            raise Http404
        if request.method == "POST":
            return self.confirm(request, draft)
        current = copy.used.story.current or copy.used
        context = {
            "title": _("Agency copy"),
            "copy": copy,
            "current": current,
            "change": agency_changes([draft]).get(draft.pk),
            "differences": compare_copy(copy.used, current),
            "may_confirm": draft.trashed_at is None
            and may_publish_draft(cast("User", request.user), draft),
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
