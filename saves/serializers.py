"""Saved articles in the API."""

from rest_framework import serializers

from articles.serializers import CardOut


class SavedOut(CardOut):
    """A card on the reader's list. Takes rows of `Save.objects.cards_of(reader)`."""

    saved_at = serializers.DateTimeField()
