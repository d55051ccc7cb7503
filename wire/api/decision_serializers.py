"""Serializers of the decisions on wire stories: questions, what to join and split, word diff."""

from typing import Any, get_args

from rest_framework import serializers

from newsroom.api.views import NoParameters, StrictCharField, StrictIntegerField, StrictSerializer
from newsroom.text.word_diff import Operation, RowKind, Segment
from wire.api.serializers import FullStoryOut
from wire.models import MatchQuestion, Story, StoryDecision

MAX_ID = 2**63 - 1
MAX_NUMBER = 2**31 - 1
ROW_KINDS = get_args(RowKind)
OPERATIONS = get_args(Operation)


class QuestionOut(serializers.Serializer[Any]):
    """A story that this one may be the same as."""

    story = serializers.IntegerField(help_text="The other story.")
    headline = serializers.CharField()
    similarity = serializers.FloatField(help_text="From 0 to 1.")
    asked_at = serializers.DateTimeField()


class StoryDetailOut(FullStoryOut):
    """A story with every version, the open questions and the decision that can be undone."""

    questions = QuestionOut(many=True)
    decision = serializers.ChoiceField(
        choices=StoryDecision.Kind.choices,
        allow_null=True,
        help_text="The last decision about the story that stands: `undo/` takes it back.",
    )

    def to_representation(self, instance: Story) -> dict[str, Any]:
        decision = StoryDecision.objects.last_about(instance)
        return {
            **super().to_representation(instance),
            "questions": QuestionOut(questions_of(instance), many=True).data,
            "decision": decision and decision.kind,
        }


def questions_of(story: Story) -> list[dict[str, Any]]:
    """The open questions about a story, one for each other story. One query."""
    rows = (
        MatchQuestion.objects.unanswered()
        .of_story(story.pk)
        .select_related("version__story__current", "other__story__current")
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        other = row.other.story if row.version.story_id == story.pk else row.version.story
        if row.similarity > found.get(other.pk, {"similarity": -1})["similarity"]:
            found[other.pk] = {
                "story": other.pk,
                "headline": str(other),
                "similarity": row.similarity,
                "asked_at": row.asked_at,
            }
    return sorted(found.values(), key=lambda question: -question["similarity"])


class BelongsToIn(StrictSerializer):
    """The story that this one belongs to."""

    story = StrictIntegerField(min_value=1, max_value=MAX_ID)


class SplitIn(StrictSerializer):
    """Either the versions that become another story, or a story that this one is not."""

    versions = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=MAX_NUMBER),
        required=False,
        allow_empty=False,
        max_length=200,
        help_text="Numbers of versions; at least one stays.",
    )
    other = StrictIntegerField(
        min_value=1,
        max_value=MAX_ID,
        required=False,
        help_text="A story that this one is not: nothing joins the two by itself any more.",
    )


class CancelIn(StrictSerializer):
    """Why the story is cancelled, for the audit log."""

    reason = StrictCharField(max_length=200)


class WireDiffQuery(NoParameters):
    """The versions to compare."""

    to = serializers.IntegerField(
        min_value=1, max_value=MAX_NUMBER, required=False, help_text="Without: the current version."
    )

    def get_fields(self) -> dict[str, Any]:
        number = serializers.IntegerField(
            min_value=1, max_value=MAX_NUMBER, help_text="Number of a version."
        )
        return {"from": number, **super().get_fields()}


class WireSegmentOut(serializers.Serializer[Segment]):
    """Words of one side."""

    op = serializers.ChoiceField(choices=OPERATIONS)
    text = serializers.CharField()


class WireDiffRowOut(serializers.Serializer[Any]):
    """A block on both sides, or on one alone."""

    kind = serializers.ChoiceField(choices=ROW_KINDS)
    block = serializers.CharField(
        allow_blank=True, help_text="`paragraph`, `subhead`, `table` …; empty outside the text."
    )
    before = WireSegmentOut(many=True)
    after = WireSegmentOut(many=True)


class WireFieldDiffOut(serializers.Serializer[Any]):
    """A field that differs."""

    field = serializers.CharField()
    rows = WireDiffRowOut(many=True)


class WireDiffOut(serializers.Serializer[Any]):
    """What changed from one version to another, word by word; equal fields are left out."""

    before = serializers.IntegerField(help_text="Number of the version.")
    after = serializers.IntegerField(help_text="Number of the version.")
    fields = WireFieldDiffOut(many=True)  # type: ignore[assignment]  # a field named like an attribute
