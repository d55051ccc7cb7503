"""Serializers of bundles."""

from typing import Any

from rest_framework import serializers

from desk.api.serializers.drafts import ReleaseOut
from desk.api.serializers.fields import LocalDateTimeField, SingleLineField
from desk.models import Release
from newsroom.api.views import QuerySerializer, StrictIntegerField, StrictSerializer

MAX_BUNDLE_DRAFTS = 100  # stories handed in at once
STATES = [state for state in Release.State.values if state != Release.State.OVERTAKEN]


class BundleQuery(QuerySerializer):
    state = serializers.ChoiceField(
        choices=[*STATES, "waiting"], required=False, help_text="`waiting` is pending or failed."
    )


class ChosenIn(StrictSerializer):
    """A draft, and the version of it that was decided on."""

    id = StrictIntegerField(min_value=1)
    version = StrictIntegerField(min_value=1, required=False, allow_null=True)


class StoriesIn(StrictSerializer):
    """Stories that go out together. Each is frozen as it stands; all of them, or none."""

    drafts = serializers.ListField(
        child=ChosenIn(), allow_empty=False, max_length=MAX_BUNDLE_DRAFTS
    )


class BundleIn(StoriesIn):
    title = SingleLineField(
        max_length=120, help_text="What the desk calls it; readers never see it."
    )
    at = LocalDateTimeField(help_text="When all of them go out. Without an offset, Korean time.")


class TakeOutIn(StrictSerializer):
    release = StrictIntegerField(min_value=1, help_text="Number of the plan that leaves.")


class BundleOut(serializers.Serializer[Any]):
    """A bundle, its plans in the order of their numbers, and what came of each."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    due_at = serializers.DateTimeField()
    state = serializers.ChoiceField(
        choices=STATES, help_text="`failed` as long as one story keeps the others back."
    )
    planned_by = serializers.CharField()
    planned_at = serializers.DateTimeField()
    releases = ReleaseOut(many=True, source="members")
