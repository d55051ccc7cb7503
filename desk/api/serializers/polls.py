"""Serializers of polls for the newsroom: votes by hour, decisions on votes."""

from typing import Any

from rest_framework import serializers

from desk.api.serializers.fields import LocalDateTimeField, SingleLineField
from newsroom.api.views import StrictSerializer
from polls.models import Poll, Vote
from polls.timeline import RULES, STATES, VoteCount

# From which votes are taken out of the count.
VOIDABLE_STATES = [Vote.State.COUNTED.value, Vote.State.ON_HOLD.value]


class SidesOut(serializers.Serializer[Any]):
    """Votes by side."""

    pro = serializers.IntegerField()
    con = serializers.IntegerField()


class VoteTotalsOut(serializers.Serializer[Any]):
    """All votes by state."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {state: SidesOut() for state in STATES}


class VoteCountOut(serializers.Serializer[Any]):
    """Votes of one hour, of one rule and state; of few, `pro` and `con` are null."""

    at = serializers.DateTimeField(help_text="The beginning of the hour.")
    rule = serializers.ChoiceField(
        choices=RULES, help_text="What held them at first; `none`: nothing."
    )
    state = serializers.ChoiceField(choices=STATES)
    total = serializers.IntegerField()
    pro = serializers.SerializerMethodField()
    con = serializers.SerializerMethodField()

    def get_pro(self, count: VoteCount) -> int | None:
        return None if count.unsided else count.pro

    def get_con(self, count: VoteCount) -> int | None:
        return None if count.unsided else count.con


class TimelineOut(serializers.Serializer[Any]):
    """The votes of a poll by hour, without anything of their voters. All from one snapshot."""

    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Raised by each decision on votes.")
    question = serializers.CharField()
    state = serializers.ChoiceField(choices=Poll.State.choices)
    totals = VoteTotalsOut()
    shown = SidesOut(
        help_text="The kept tally, which readers are shown; it equals the counted votes."
    )
    hours = VoteCountOut(many=True)


class ReleaseVotesIn(StrictSerializer):
    """Which held votes are counted, and why. Without rule and times: all."""

    rule = serializers.ChoiceField(choices=RULES, required=False)
    since = LocalDateTimeField(
        required=False, help_text="Cast at this time or later; a whole hour."
    )
    until = LocalDateTimeField(required=False, help_text="Cast before this time; a whole hour.")
    reason = SingleLineField(max_length=300)


class VoidVotesIn(ReleaseVotesIn):
    """Which votes are taken out of the count, and why. They stay, and the decision can be undone."""

    state = serializers.ChoiceField(
        choices=VOIDABLE_STATES,
        default=Vote.State.COUNTED.value,
    )
