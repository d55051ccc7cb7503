"""Serializers of photos."""

from typing import Any

from rest_framework import serializers

from media.models import Photo


class PictureFileOut(serializers.Serializer[Any]):
    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    type = serializers.CharField()


class PhotoOut(serializers.Serializer[Photo]):
    """A photo as readers get it."""

    alt = serializers.CharField()
    caption = serializers.CharField()
    credit = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    placeholder = serializers.CharField(help_text="A tiny data URI to show meanwhile.")
    sources = PictureFileOut(many=True)
