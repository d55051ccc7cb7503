"""Bundles as the desk writes and reads them."""

from typing import Any

from rest_framework import serializers

from desk.api.serializers.drafts import ReleaseOut
from desk.api.serializers.fields import Line, Moment
from desk.models import Release
from newsroom.api.views import Input, Query

MOST = 100  # stories handed in at once
STATES = [state for state in Release.State.values if state != Release.State.OVERTAKEN]


class BundleQuery(Query):
    state = serializers.ChoiceField(
        choices=[*STATES, "waiting"], required=False, help_text="`waiting` is pending or failed."
    )


class ChosenIn(Input):
    """A draft, and the version of it that was decided on."""

    id = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(min_value=1, required=False, allow_null=True)


class StoriesIn(Input):
    """Stories that go out together. Each is frozen as it stands; all of them, or none."""

    drafts = serializers.ListField(child=ChosenIn(), allow_empty=False, max_length=MOST)


class BundleIn(StoriesIn):
    title = Line(max_length=120, help_text="What the desk calls it; readers never see it.")
    at = Moment(help_text="When all of them go out. Without an offset, Korean time.")


class TakeOutIn(Input):
    release = serializers.IntegerField(min_value=1, help_text="Number of the plan that leaves.")


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
