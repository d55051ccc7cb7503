"""Serializers of saved articles."""

from typing import Any

from rest_framework import serializers

from articles.api.serializers import CardOut
from newsroom.text.dates import local_isoformat


class SavedOut(CardOut):
    """A card on the reader's list. Takes rows of `Save.objects.cards_of(reader)`."""

    saved_at = serializers.DateTimeField()

    def to_representation(self, article: Any) -> dict[str, Any]:
        return super().to_representation(article) | {"saved_at": local_isoformat(article.saved_at)}
