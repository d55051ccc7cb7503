"""Questions and decisions on the page of a wire story: what it may belong to, what can be undone."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.db.expressions import IdArray, KeywordLiteral
from wire.actions import is_undoable, join_story, mark_as_different
from wire.forms import has_other_stories
from wire.matching.clusters import Cluster, cluster_of
from wire.models import MatchQuestion, Story, StoryDecision, Version

MAX_IN_QUESTION = 500


def with_questions(stories: QuerySet[Story]) -> QuerySet[Story]:
    """The stories, annotated with `has_question`: whether one about them is not answered."""
    questions = MatchQuestion.objects.filter(answer="").exclude(version__story=F("other__story"))
    # Two conditions, each of which the index of a foreign key answers.
    asked = Exists(questions.filter(version__story=OuterRef("pk")))
    meant = Exists(questions.filter(other__story=OuterRef("pk")))
    return stories.annotate(has_question=asked | meant)


class QuestionFilter(admin.SimpleListFilter):
    """Filter of the inbox: stories with an open question, and cancellations without a story."""

    title = pgettext_lazy("wire", "question")
    parameter_name = "question"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("belongs to which story?"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "open":
            return queryset
        return queryset.filter(pk__in_array=IdArray(stories_in_question()))


def stories_in_question() -> set[int]:
    """The stories with an open question, and cancellations without a story: the newest MAX_IN_QUESTION.

    Ids instead of a condition: the database would look for the few among all stories. Two queries.
    """
    questions = MatchQuestion.objects.unanswered().order_by("-pk")
    pairs = questions.values_list("version__story", "other__story")[:MAX_IN_QUESTION]
    cancelling = Version.objects.filter(signal=KeywordLiteral("cancellation")).order_by("-pk")
    rows = cancelling.filter(story__current=F("pk")).values_list("story", flat=True)
    return {story for pair in pairs for story in pair} | set(rows[:MAX_IN_QUESTION])


def question_chips(story: Any) -> list[tuple[str, str]]:
    """Chips (tone, label) of a story with an open question, or of a cancellation without a story."""
    if getattr(story, "has_question", False):
        return [("waits", _now("belongs to which story?"))]
    if story.current and story.current.is_cancellation():
        return [("waits", _now("no story found"))]
    return []


def open_questions(story: Story) -> list[dict[str, Any]]:
    """The stories that this one may be the same as, the most similar first. One query."""
    rows = (
        MatchQuestion.objects.unanswered()
        .of_story(story.pk)
        .select_related("version__story__current", "other__story__current")
        .order_by("similarity", "pk")
    )
    found = {}
    for row in rows:
        other = row.other.story if row.version.story_id == story.pk else row.version.story
        found[other.pk] = {"story": other, "percent": round(row.similarity * 100)}
    return list(reversed(found.values()))


def cluster_besides(story: Story, questions: Collection[dict[str, Any]]) -> Cluster | None:
    """The cluster without the stories that the questions ask about: none stands in two blocks of a page."""
    cluster = cluster_of(story)
    return cluster.without({question["story"].pk for question in questions}) if cluster else None


def last_decision(story: Story) -> StoryDecision | None:
    return StoryDecision.objects.last_about(story)


def can_undo(story: Story) -> bool:
    return is_undoable(story)


def can_be_placed(story: Story) -> bool:
    """Whether a person decides where its texts belong (the agency does where it numbers its stories), and
    there is another story to choose."""
    return not story.identifier and has_other_stories(story)


def can_be_split(story: Story) -> bool:
    return not story.identifier and len(story.versions.all()) > 1


def can_be_cancelled(story: Story) -> bool:
    return story.status != Story.Status.CANCELLED


def join(story: Story, *, to: int, **decided: Any) -> None:
    join_story(story, to=to, **decided)


def mark(story: Story, *, to: int, **decided: Any) -> None:
    mark_as_different(story, other=to, **decided)
