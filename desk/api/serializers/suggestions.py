"""Serializers of suggestions for a draft."""

from typing import Any

from rest_framework import serializers

from desk.models import Suggestion
from newsroom.api.views import StrictSerializer


class SuggestionIn(StrictSerializer):
    """What is asked for. Extraction gives summary lines only."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, default=Suggestion.Kind.SUMMARY)
    origin = serializers.ChoiceField(
        choices=Suggestion.Origin.choices, default=Suggestion.Origin.EXTRACTION
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_extraction = attrs["origin"] == Suggestion.Origin.EXTRACTION
        if is_extraction and attrs["kind"] != Suggestion.Kind.SUMMARY:
            raise serializers.ValidationError({"kind": "Extraction gives summary lines only."})
        return attrs


class SuggestionOut(serializers.ModelSerializer[Suggestion]):
    """Suggested lines; `waiting` until the assistant has answered. The story does not change by them."""

    lines = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Suggestion
        fields = (
            *("id", "kind", "origin", "state", "lines", "reason", "model", "prompt_version"),
            *("draft_version", "asked_at", "answered_at", "taken_at"),
        )
