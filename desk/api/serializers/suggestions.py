"""Serializers of suggestions for a draft."""

from rest_framework import serializers

from desk.models import Suggestion
from newsroom.api.views import StrictSerializer


class SuggestionIn(StrictSerializer):
    """What is asked for. Extraction gives summary lines only (422 `not_extractable`)."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, default=Suggestion.Kind.SUMMARY)
    origin = serializers.ChoiceField(
        choices=Suggestion.Origin.choices, default=Suggestion.Origin.EXTRACTION
    )


class SuggestionOut(serializers.ModelSerializer[Suggestion]):
    """Suggested lines; `waiting` until the assistant has answered. The story does not change by them."""

    lines = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Suggestion
        fields = (
            *("id", "kind", "origin", "state", "lines", "reason", "model", "prompt_version"),
            *("draft_version", "asked_at", "answered_at", "taken_at"),
        )
