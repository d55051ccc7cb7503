"""Serializers of polls."""

from typing import Any

from rest_framework import serializers

from newsroom.api.views import StrictSerializer
from polls.models import Choice, Poll


class PersonaOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    avatar = serializers.URLField()


class SideOut(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=Choice.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # a field named like an option
    persona = PersonaOut()
    argument = serializers.CharField()
    votes = serializers.IntegerField(allow_null=True)
    share = serializers.IntegerField(allow_null=True, help_text="Whole percent; both make 100.")


class PollOut(serializers.Serializer[Any]):
    """A poll as polls.showing.as_read words it; null where results are not shown."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    question = serializers.CharField()
    sides = SideOut(many=True)
    total_votes = serializers.IntegerField(allow_null=True)
    results = serializers.ChoiceField(choices=Poll.Results.choices)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=Poll.State.choices)


class VoteIn(StrictSerializer):
    side = serializers.ChoiceField(choices=Choice.choices)


class VotedOut(PollOut):
    """A poll as one voter may see it, with that voter's own side."""

    my_vote = serializers.ChoiceField(choices=Choice.choices, allow_null=True)
