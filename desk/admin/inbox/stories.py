"""The inbox, its stories beside what was written from them, and who writes from which story."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from desk.admin.inbox.side_by_side import side_by_side
from desk.admin.inbox.taken_filter import TakenFilter
from desk.admin.inbox.version_diff import VersionDiffPages
from desk.agency_copy.status import Taking, takings_of
from desk.models import Draft
from desk.permissions import may_read
from newsroom.db.expressions import IdArray
from wire.admin.stories import StoryAdmin
from wire.models import Story

admin.site.unregister(Story)


@admin.register(Story)
class InboxAdmin(VersionDiffPages, StoryAdmin):
    """The inbox with the drafts that were begun from its stories."""

    list_display = (*StoryAdmin.list_display, "first_draft")
    list_filter = (*StoryAdmin.list_filter, TakenFilter)
    change_list_template = "desk/inbox/list.html"
    change_form_template = "desk/inbox/story.html"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; its rows have their drafts, in two queries for the page."""
        changelist = super().get_changelist_instance(request)
        stories = list(changelist.result_list)
        takings = takings_of([story.pk for story in stories], user=request.user) if stories else {}
        for story in stories:
            story.takings = takings.get(story.pk, [])
        changelist.result_list = stories
        return changelist

    def live_facts(self, story_ids: list[int]) -> Any:
        """The drafts that were begun from these stories."""
        begun = Draft.objects.not_trashed().filter(
            wire_version__story__in_array=IdArray(set(story_ids))
        )
        return list(begun.order_by("pk").values_list("pk", flat=True))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        if story := kwargs.get("obj"):
            takings = takings_of([story.pk], user=request.user).get(story.pk, [])
            context["takings"] = takings
            if may_read(request.user):
                wanted = request.GET.get("draft", "")
                context["side"] = side_by_side(story, takings, wanted=wanted)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("written from it"), empty_value="")
    def first_draft(self, story: Any) -> str:
        """The first draft begun from the story, and how many others there are."""
        takings: list[Taking] = getattr(story, "takings", [])
        if not takings:
            return ""
        context = {"taking": takings[0], "others": len(takings) - 1}
        return render_to_string("desk/wire_taken_cell.html", context)
