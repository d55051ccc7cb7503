"""Admin of wire stories as the desk sees it: the inbox, and who writes from which story."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from desk.admin.taken_filter import TakenFilter
from desk.wire_status import Taking, takings_of
from wire.admin.stories import StoryAdmin
from wire.models import Story

admin.site.unregister(Story)


@admin.register(Story)
class InboxAdmin(StoryAdmin):
    """The inbox with the drafts that were begun from its stories."""

    list_display = (*StoryAdmin.list_display, "first_draft")
    list_filter = (*StoryAdmin.list_filter, TakenFilter)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; its rows have their drafts, in two queries for the page."""
        changelist = super().get_changelist_instance(request)
        stories = list(changelist.result_list)
        takings = takings_of([story.pk for story in stories], user=request.user) if stories else {}
        for story in stories:
            story.takings = takings.get(story.pk, [])
        changelist.result_list = stories
        return changelist

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        if story := kwargs.get("obj"):
            context["takings"] = takings_of([story.pk], user=request.user).get(story.pk, [])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("written from it"), empty_value="")
    def first_draft(self, story: Any) -> str:
        """The first draft begun from the story, and how many others there are."""
        takings: list[Taking] = getattr(story, "takings", [])
        if not takings:
            return ""
        context = {"taking": takings[0], "others": len(takings) - 1}
        return render_to_string("desk/wire_taken_cell.html", context)
