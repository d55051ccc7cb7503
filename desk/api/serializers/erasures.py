"""Serializers of legal erasures."""

from typing import Any

from rest_framework import serializers

from desk.api.serializers.fields import SingleLineField
from newsroom.api.views import StrictSerializer


class ErasureIn(StrictSerializer):
    """Why it is erased, and its address once more to confirm."""

    slug = SingleLineField(
        max_length=120, help_text="The address of the article, typed to confirm."
    )
    reason = SingleLineField(max_length=300, help_text="For the audit log.")
    reference = SingleLineField(max_length=120, help_text="Number of the order, or the law.")
    comments = serializers.BooleanField(
        required=False, help_text="Empty the comments of readers too."
    )


class ErasureOut(serializers.Serializer[Any]):
    """What was erased; nothing of it."""

    article = serializers.CharField(source="article.slug")
    erased_at = serializers.DateTimeField()
    reason = serializers.CharField()
    reference = serializers.CharField()
    notice = serializers.CharField(source="article.notice")
    editions = serializers.IntegerField(help_text="How many.")
    photos = serializers.IntegerField(help_text="Those that no other story shows.")
