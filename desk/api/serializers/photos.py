"""Serializers of photos and preview links."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from desk.api.serializers.fields import FractionField, SingleLineField
from desk.models import Preview
from media.images.renditions import widest_rendition_name
from media.models import Photo
from media.serializers import PictureFileOut
from newsroom.api.views import QuerySerializer, StrictIntegerField, StrictSerializer
from newsroom.http.canonical_urls import absolute_url


class PhotoQuery(QuerySerializer):
    q = SingleLineField(
        max_length=100, required=False, help_text="Words of the alternative text or caption."
    )


class PhotoChange(StrictSerializer):
    """What the library says of a photo: a proposal for its next use. What is left out stays as it is."""

    alt = SingleLineField(max_length=250, required=False)
    caption = SingleLineField(max_length=300, required=False, allow_blank=True)
    credit = SingleLineField(max_length=120, required=False, allow_blank=True)
    focal_x = FractionField(
        required=False, help_text="What must stay in view: from the left, 0 to 1."
    )
    focal_y = FractionField(required=False, help_text="From the top, 0 to 1.")


class PhotoIn(PhotoChange):
    file = serializers.FileField(
        help_text="JPEG, PNG, WebP, GIF, HEIC, AVIF, TIFF (its first page) or BMP that stands still. Its "
        "content counts, not its name: at most 30 MB and 60 million pixels, at least 32 pixels a side, the "
        "long side at most 40 times the short one."
    )
    alt = SingleLineField(max_length=250)


class PhotoFailureOut(serializers.Serializer[Photo]):
    """Why an upload could not be read."""

    code = serializers.CharField(source="failure")
    detail = serializers.CharField(source="failure_reason", help_text="A sentence for people.")


class DeskPhotoOut(serializers.Serializer[Photo]):
    """A photo at the desk. Its files are for staff until an article shows it."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    alt = serializers.CharField()
    caption = serializers.CharField()
    credit = serializers.CharField()
    state = serializers.ChoiceField(
        choices=Photo.State.choices,
        help_text="Uploads are decoded by a worker, within seconds: `processing` until then, `ready` with "
        "its files, `failed` where the file is no whole picture.",
    )
    failure = serializers.SerializerMethodField()
    focal_x = serializers.FloatField()
    focal_y = serializers.FloatField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    placeholder = serializers.CharField()
    public = serializers.BooleanField()
    path = serializers.SerializerMethodField()
    sources = serializers.SerializerMethodField()
    uploaded_at = serializers.DateTimeField()
    uploaded_by = serializers.CharField(allow_null=True)

    def get_path(self, photo: Photo) -> str:
        """What a body's `<img src>` says to show the widest file, known before the file is there."""
        sources = photo.sources
        name = sources[-1]["name"] if sources else widest_rendition_name(photo.width, photo.height)
        return f"/media/photos/{photo.key}/{name}"

    @extend_schema_field(PhotoFailureOut(allow_null=True))
    def get_failure(self, photo: Photo) -> dict[str, Any] | None:
        return dict(PhotoFailureOut(photo).data) if photo.failure else None

    @extend_schema_field(PictureFileOut(many=True))
    def get_sources(self, photo: Photo) -> list[dict[str, Any]]:
        prefix = "media" if photo.public and photo.is_shown else "desk"
        return [
            {
                "url": absolute_url(f"/{prefix}/photos/{photo.key}/{source['name']}"),
                "width": source["width"],
                "height": source["height"],
                "type": source["type"],
            }
            for source in photo.sources
        ]


class PreviewIn(StrictSerializer):
    days = StrictIntegerField(
        min_value=1, max_value=30, default=7, help_text="How long the link opens the story."
    )

    def validate_days(self, days: int) -> timedelta:
        return timedelta(days=days)


class PreviewOut(serializers.Serializer[Preview]):
    """Preview link. Its URL is in the response that creates it only."""

    id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewPreviewOut(PreviewOut):
    url = serializers.URLField(help_text="For whoever may see the story before readers.")
