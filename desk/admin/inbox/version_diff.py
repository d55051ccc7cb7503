"""Word diff of two versions of an agency story in the admin, chosen by two selects or by an address."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from desk.agency_copy.status import takings_of
from desk.versions.agency_diff import compare_copy
from newsroom.admin.base import BaseAdmin
from newsroom.admin.row_ids import is_id
from wire.admin.stories import joined_with
from wire.models import Story, Version
from wire.versions import latest_readings, version_order


class VersionDiffPages(BaseAdmin):
    """The page of the differences between two versions, for the admin of wire stories."""

    def get_urls(self) -> list[URLPattern]:
        diff = self.admin_site.admin_view(self.version_diff)
        return [path("<int:pk>/diff/", diff, name="wire_story_diff"), *super().get_urls()]

    def version_diff(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`?from=` and `?to=` are numbers of versions; without, the current one and the one before it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if target := joined_with(str(pk)):
            return redirect("admin:wire_story_diff", target)
        story: Story | None = self.get_object(request, str(pk))
        if story is None or story.current is None:
            raise Http404
        versions = sorted(story.versions.all(), key=lambda version: version.number)
        before, after = compared(
            versions, story.current, request.GET.get("from", ""), request.GET.get("to", "")
        )
        takings = takings_of([story.pk], user=request.user).get(story.pk, [])
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Compare agency versions"),
            "opts": self.opts,
            "media": self.media,
            "story": story,
            "versions": versions,
            "before": before,
            "after": after,
            "has_none_before": before == after and str(before.number) != request.GET.get("from"),
            "differences": compare_copy(before, after),
            "drafts": [taking for taking in takings if taking.draft],
            "is_to_current": after.pk == story.current_id,
        }
        return TemplateResponse(request, "desk/inbox/version_diff.html", context)


def compared(
    versions: Sequence[Version], current: Version, before: str, after: str
) -> tuple[Version, Version]:
    """The versions with these numbers; for a number that no version has, the current one on the right, and
    on the left the text before it in the agency's order: one that arrived late has a higher number.
    """
    by_number = {version.number: version for version in versions}
    new = by_number.get(int(after)) if is_id(after) else None
    old = by_number.get(int(before)) if is_id(before) else None
    new = new or current
    texts = [version for version in latest_readings(versions) if not version.is_cancellation()]
    older = [text for text in texts if version_order(text) < version_order(new)]
    return old or max(older, key=version_order, default=new), new
