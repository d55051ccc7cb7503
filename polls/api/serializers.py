"""Serializers of polls."""

from typing import Any

from rest_framework import serializers

from newsroom.api.views import StrictSerializer
from polls.models import Choice, Poll, Vote


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
    """A poll as polls.representation.represent_poll words it; null where results are not shown."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    question = serializers.CharField()
    sides = SideOut(many=True)
    total_votes = serializers.IntegerField(allow_null=True)
    results = serializers.ChoiceField(choices=Poll.Results.choices)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=Poll.State.choices)
    suspended_until = serializers.DateTimeField(
        allow_null=True,
        help_text="Until then there are neither votes nor results, since an election is near.",
    )


class VoteIn(StrictSerializer):
    side = serializers.ChoiceField(choices=Choice.choices)
    proof = serializers.CharField(
        max_length=2500,
        required=False,
        help_text="The answer to the challenge that a held vote was answered with.",
    )


class ChallengeOut(serializers.Serializer[Any]):
    """What a held vote is asked for (docs/polls.md). Repeat the vote with the answer as `proof`."""

    kind = serializers.ChoiceField(choices=["proof_of_work", "turnstile", "hcaptcha"])
    token = serializers.CharField(
        allow_null=True,
        help_text="proof_of_work: find a number so that SHA-256 of `token~number` begins with `bits`"
        " zero bits. The proof is `token~number`.",
    )
    bits = serializers.IntegerField(allow_null=True)
    site_key = serializers.CharField(allow_null=True, help_text="Of the provider's widget.")


class VotedOut(PollOut):
    """A poll as one voter may see it, with that voter's own side."""

    my_vote = serializers.ChoiceField(choices=Choice.choices, allow_null=True)
    my_vote_state = serializers.ChoiceField(
        choices=[Vote.State.COUNTED, Vote.State.ON_HOLD],
        allow_null=True,
        help_text="held: not in the count yet.",
    )
    challenge = ChallengeOut(allow_null=True)
