"""Serializers of what colleagues share of a draft: assignment, lock, presence, remarks."""

from typing import Any

from rest_framework import serializers

from desk.api.serializers.fields import CleanTextField, LocalDateTimeField, SingleLineField
from desk.models import Draft
from newsroom.api.views import (
    QuerySerializer,
    StrictBooleanField,
    StrictIntegerField,
    StrictSerializer,
)


class PersonOut(serializers.Serializer[Any]):
    """A member of staff."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class AssignIn(StrictSerializer):
    """Who writes the story, and by when. What is left out stays as it is."""

    to = StrictIntegerField(
        min_value=1,
        required=False,
        allow_null=True,
        help_text="Number of a person (`desk/people/`).",
    )
    due_at = LocalDateTimeField(
        required=False, allow_null=True, help_text="Without an offset, Korean time."
    )


class LockIn(StrictSerializer):
    take_over = StrictBooleanField(
        default=False, help_text="Take it from whoever holds it; they are told."
    )


class LockOut(serializers.Serializer[Any]):
    """Who alone may change the draft. It ends ten minutes after its holder was last active."""

    holder = PersonOut(source="locked_by")
    since = serializers.DateTimeField(source="locked_at")
    active_at = serializers.DateTimeField(source="lock_active_at")
    is_own = serializers.SerializerMethodField()

    def get_is_own(self, draft: Any) -> bool:
        """Whether it is one's own."""
        return bool(draft.locked_by_id == self.context["user"].pk)


class HeartbeatIn(StrictSerializer):
    is_active = StrictBooleanField(
        default=False, help_text="Whether something was typed since the last heartbeat."
    )


class PresentOut(serializers.Serializer[Any]):
    """A person who has the story open."""

    id = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.__str__")
    since = serializers.DateTimeField()


class PresenceOut(serializers.Serializer[Any]):
    """Who has the story open now, who alone may change it, its version, and the stage of its review."""

    people = PresentOut(many=True)
    lock = LockOut(allow_null=True)
    version = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=Draft.Stage.choices)


class RemarkQuery(QuerySerializer):
    """The filter of the list."""

    resolved = serializers.BooleanField(required=False, help_text="Without: all remarks.")


class RemarkIn(StrictSerializer):
    """What colleagues should know of a passage."""

    text = CleanTextField(max_length=2000, help_text="`@` and a name tells that colleague.")
    quote = SingleLineField(
        max_length=500, required=False, allow_blank=True, help_text="The passage, as it stands."
    )


class RemarkChangeIn(StrictSerializer):
    """One's own words, or that a remark is done with."""

    text = CleanTextField(max_length=2000, required=False)
    resolved = StrictBooleanField(required=False)


class RemarkOut(serializers.Serializer[Any]):
    """A remark on a passage of a story. Readers never see it."""

    id = serializers.IntegerField()
    quote = serializers.CharField()
    text = serializers.CharField()
    author = PersonOut()
    created_at = serializers.DateTimeField()
    mentions = PersonOut(many=True, source="mentioned")
    resolved_by = PersonOut(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
