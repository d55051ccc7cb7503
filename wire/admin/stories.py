"""Admin of wire stories: the inbox."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from wire.actions import (
    cancel_story,
    lift_embargo,
    reinstate,
    set_embargo,
    split_story,
    undo_decision,
)
from wire.admin import matching
from wire.admin.channels import stalled_sentence
from wire.admin.chips import chips, cluster_chips
from wire.admin.filters import (
    DayFilter,
    PlaceFilter,
    SubjectFilter,
    UrgencyFilter,
)
from wire.admin.inbox_list import InboxChangeList
from wire.admin.live import POLL_SECONDS, LiveListAdmin
from wire.admin.pictures import story_pictures
from wire.admin.sources import silence_sentence
from wire.forms import EmbargoForm, OtherStoryForm, ReasonForm, StoryForm, VersionsForm
from wire.labels import warning_sentences
from wire.metrics import source_feeds, stalled_channels
from wire.models import Story
from wire.versions import Doubt, find_doubts, may_decide

LONG_TEXTS = ("paragraphs", "blocks", "captions", "media", "notes", "boilerplate_lines", "rights")
SEARCH_HELP = _(
    "Searches headline, text and captions of every version: words and parts of Korean words,"
    ' "a phrase", -without.'
)


def is_under_embargo(story: Story) -> bool:
    return story.embargoed_at(timezone.now())


def open_doubts(story: Story) -> list[Doubt]:
    """The decisions that a withheld story needs; it came with its versions."""
    if story.status != Story.Status.WITHHELD:
        return []
    return find_doubts(story, list(story.versions.all()))


def was_sent_again(story: Story) -> bool:
    doubts = open_doubts(story)
    return Doubt.SENT_AGAIN in doubts and Doubt.MAYBE_CANCELLED not in doubts


def is_doubtful(story: Story) -> bool:
    """Whether it waits for a decision on its text alone, not on a cancellation or a question about one."""
    doubts = set(open_doubts(story))
    about_text = {Doubt.NO_SIGN, Doubt.WITHHELD_BY_AGENCY}
    return bool(doubts & about_text) and not doubts & {Doubt.SENT_AGAIN, Doubt.MAYBE_CANCELLED}


def joined_with(object_id: str) -> int | None:
    """The story that this one was joined with; None for one that stands by itself."""
    if not object_id.isdecimal() or len(object_id) > 18:
        return None
    return Story.objects.filter(pk=object_id).values_list("merged_into", flat=True).first()


@admin.register(Story)
class StoryAdmin(LiveListAdmin, ButtonAdmin, ReadOnlyAdmin):
    version_field, version_argument = "state_number", "state"
    list_display: Any = (
        *("headline", "state", "marks", "urgency", "places", "source", "version", "news_at"),
    )
    sortable_by = ()  # newest first: every other order would read the whole inbox
    list_filter: ClassVar[Any] = (
        *("status", matching.QuestionFilter, "embargo", "source"),
        *(UrgencyFilter, PlaceFilter, SubjectFilter, DayFilter),
    )
    list_per_page = 25  # a page within 100 ms: the rows are most of its cost
    search_fields = ("current__headline",)  # shows the input; `get_search_results` does it
    list_select_related = ("source", "current")
    change_list_template = "admin/wire/story/change_list.html"
    buttons = (
        Button("reinstate", _("Use it again"), reinstate, _("The story may be used."), may_decide,
               is_available=was_sent_again, tone="main"),
        Button("use", _("Use it"), reinstate, _("The story may be used."), may_decide,
               is_available=is_doubtful, tone="main"),
        Button("embargo", _("Set the embargo…"), set_embargo, _("The embargo is set."), may_decide,
               form=EmbargoForm, help_text=_("Nothing written from this story is published before "
               "this moment. A later version of the agency may change it.")),
        Button("lift", _("Lift the embargo…"), lift_embargo, _("The embargo is lifted."), may_decide,
               is_available=is_under_embargo, form=ReasonForm, tone="danger",
               help_text=_("What is written from this story may appear at once.")),
        Button("belongs", _("Belongs to another story…"), matching.join,
               _("The texts stand in this story now."), may_decide,
               is_available=matching.can_be_placed, form=OtherStoryForm,
               help_text=_("All versions move to the story that you choose.")),
        Button("apart", _("Is another story…"), matching.mark, _("The two stories stay apart."),
               may_decide, is_available=matching.can_be_placed, form=OtherStoryForm,
               help_text=_("Nothing joins this story and the one that you choose by itself.")),
        Button("split", _("Split versions off…"), split_story,
               _("The versions are another story now."), may_decide,
               is_available=matching.can_be_split, form=VersionsForm,
               help_text=_("The versions that you choose become another story.")),
        Button("cancel", _("Cancel by hand…"), cancel_story, _("The story is cancelled."),
               may_decide, is_available=matching.can_be_cancelled, form=ReasonForm, tone="danger",
               help_text=_("As if the agency had cancelled it: nothing is written from it.")),
        Button("undo", _("Undo the last decision"), undo_decision, _("All is as it was before."),
               may_decide, is_available=matching.can_undo),
    )  # fmt: skip
    fields = ("source", "state", "embargo_words", "news_at")
    readonly_fields = ("state", "embargo_words")
    change_form_template = "admin/wire/story/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        stories = Story.objects.with_current_version().filter(current__isnull=False)
        return matching.with_questions(stories).defer(*(f"current__{name}" for name in LONG_TEXTS))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[InboxChangeList]:
        return InboxChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """All of the stories: `InboxChangeList.search` finds the words."""
        return queryset, False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        if not object_id.isdecimal():
            return None
        stories = Story.objects.with_current_version().with_versions()
        shown = matching.with_questions(stories.filter(current__isnull=False))
        return shown.filter(pk=object_id).first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The page of a story; of one that was joined with another, that one's."""
        if (target := joined_with(object_id)) and self.has_view_permission(request):
            return redirect("admin:wire_story_change", target)
        return super().change_view(request, object_id, form_url, extra_context)

    def return_url(self, request: HttpRequest, obj: Any) -> str:
        """The story's page, or that of the story it was joined with just now."""
        if target := joined_with(str(obj.pk)):
            return reverse("admin:wire_story_change", args=[target])
        return super().return_url(request, obj)

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> forms.Form | None:
        if button.form and issubclass(button.form, StoryForm):
            return button.form(request.POST or None, story=obj)
        return super().button_form(request, button, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        has_no_embargo_text = obj is None or not obj.embargo_text
        return [
            name for name in self.fields if not (has_no_embargo_text and name == "embargo_words")
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The inbox, with a warning for every source that is silent for too long."""
        for feed in source_feeds(timezone.now()):
            if feed.idle:
                messages.warning(request, silence_sentence(feed))
        for channel in stalled_channels(timezone.now()):
            messages.warning(request, stalled_sentence(channel))
        live = {"live_tag": self.live_tag(request), "poll_seconds": POLL_SECONDS}
        return super().changelist_view(
            request, {"search_help": SEARCH_HELP, **live, **(extra_context or {})}
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        story = kwargs.get("obj")
        if story:
            context["doubts"] = open_doubts(story)
            context["questions"] = questions = matching.open_questions(story)
            context["may_decide"] = may_decide(request.user)  # type: ignore[arg-type]  # staff
            context["decision"] = matching.last_decision(story)
            context["cluster"] = matching.cluster_besides(story, questions)
            context["pictures"] = story_pictures(story)
            context["warnings"] = warning_sentences(story.current.warnings)
            context["versions"] = [(v, warning_sentences(v.warnings)) for v in story.versions.all()]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("headline"))
    def headline(self, story: Story) -> str:
        return str(story)

    @admin.display(description=_("state"))
    def state(self, story: Story) -> str:
        shown = [*chips(story), *matching.question_chips(story), *cluster_chips(story)]
        labels = format_html_join(" ", '<span class="chip {}">{}</span>', shown)
        return format_html('<span data-state="{}">{}</span>', story.state_number, labels)

    @admin.display(description=_("words of the embargo"))
    def embargo_words(self, story: Story) -> str:
        return story.embargo_text

    @admin.display(description=_("place"))
    def places(self, story: Story) -> str:
        return "·".join(story.current.places) if story.current else ""

    @admin.display(description=_("urgency"), empty_value="")
    def urgency(self, story: Story) -> int | None:
        return story.current.urgency if story.current else None

    @admin.display(description=_("marks"), empty_value="")
    def marks(self, story: Story) -> str:
        return ", ".join(story.current.marks) if story.current else ""

    @admin.display(description=_("version number"))
    def version(self, story: Story) -> int:
        return story.current.number if story.current else 0
