"""Forms of the wire's admin buttons."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.text.dates import format_short_time
from wire.matching.clusters import cluster_of
from wire.models import MatchQuestion, Story

MAX_OFFERED_STORIES = 40
OFFERED_WITHIN = timedelta(days=2)


class DateTimeLocalInput(forms.DateTimeInput):
    """Date and time input of the browser (`datetime-local`)."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """Date and time in the site's time zone, between the years 1900 and 2100."""

    widget = DateTimeLocalInput

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not 1900 <= moment.year <= 2100:
            raise ValidationError(_("Choose a year between 1900 and 2100."))
        return moment


class ReasonForm(forms.Form):
    """The reason for an action, for the audit log."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=AdminTextInputWidget)


class EmbargoForm(ReasonForm):
    """The end of an embargo, and the reason."""

    until = MomentField(
        label=_("Embargo until"),
        required=False,
        help_text=_("Korean time. Empty: nobody knows yet, and the story waits."),
    )
    field_order = ("until", "reason")


class StoryForm(forms.Form):
    """Base form of a button that decides where texts of a story belong."""

    do_not_call_in_templates = True  # a template asks a button whether it has a form

    def __init__(self, *args: Any, story: Story, **options: Any) -> None:
        super().__init__(*args, **options)
        self.story = story


class OtherStoryForm(StoryForm):
    """Another story of the same source: in question, else of its cluster, else the nearest in time."""

    to = forms.TypedChoiceField(label=_("Story"), coerce=int, choices=[])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        stories = [
            *stories_in_question(self.story),
            *stories_in_cluster(self.story),
            *stories_nearby(self.story),
        ]
        labels = {story.pk: offered_label(story) for story in stories}
        self.fields["to"].choices = list(labels.items())  # type: ignore[attr-defined]  # a ChoiceField


class VersionsForm(StoryForm):
    """Versions of a story; not all of them."""

    versions = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("wire", "Versions"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["versions"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (version.number, f"{version.number} · {' '.join(version.marks)} {version.headline}")
            for version in self.story.versions.all()
        ]


def stories_in_question(story: Story) -> list[Story]:
    """The stories that an open question is about."""
    questions = MatchQuestion.objects.unanswered().of_story(story.pk)
    rows = questions.select_related("version__story__current", "other__story__current")
    return [q.other.story if q.version.story_id == story.pk else q.version.story for q in rows]


def stories_in_cluster(story: Story) -> list[Story]:
    """The stories about the same event that may be joined with it: its page has buttons for them."""
    cluster = cluster_of(story)
    return [one.story for one in cluster.related if one.can_be_joined] if cluster else []


def has_other_stories(story: Story) -> bool:
    """Whether `OtherStoryForm` has a story to choose."""
    return nearby(story).exclude(pk=story.pk).exists() or bool(stories_in_question(story))


def nearby(story: Story) -> QuerySet[Story]:
    """Stories of the source that were sent at about the same time, and itself."""
    return Story.objects.filter(
        source=story.source_id,
        current__isnull=False,
        identifier="",
        news_at__gte=story.news_at - OFFERED_WITHIN,
        news_at__lte=story.news_at + OFFERED_WITHIN,
    )


def stories_nearby(story: Story) -> list[Story]:
    """Stories of the source that were sent at about the same time, the nearest first."""
    others = nearby(story).select_related("source", "current")
    before = others.filter(news_at__lte=story.news_at).exclude(pk=story.pk).order_by("-news_at")
    after = others.filter(news_at__gt=story.news_at).order_by("news_at")
    found = [*before[:MAX_OFFERED_STORIES], *after[:MAX_OFFERED_STORIES]]
    nearest = sorted(found, key=lambda other: abs(other.news_at - story.news_at))
    return nearest[:MAX_OFFERED_STORIES]


def offered_label(story: Story) -> str:
    return f"{format_short_time(timezone.localtime(story.news_at))} · {story}"
