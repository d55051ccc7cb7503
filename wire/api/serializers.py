"""Serializers of the wire API, for staff and agencies; no reader address uses them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from newsroom.api.views import QuerySerializer, UTCDateTimeField
from newsroom.errors import InvalidSearchQuery
from newsroom.search.query_parser import parse_query
from wire.inbox_search.search import has_letters
from wire.labels import warning_sentences
from wire.models import Delivery, Embargo, Story, Version


class InboxQuery(QuerySerializer):
    """The inbox's filters; they combine."""

    source = serializers.SlugField(  # type: ignore[assignment]  # DRF has a Field.source too
        required=False, help_text="Short name of a source."
    )
    status = serializers.ChoiceField(choices=Story.Status.choices, required=False)
    q = serializers.CharField(
        max_length=100,
        required=False,
        help_text="Words of headline, text or captions of any version, parts of Korean words too; "
        '"a phrase", -without. A story stands at its newest version that is found.',
    )
    sent_after = UTCDateTimeField(required=False, help_text="From this moment on.")
    sent_before = UTCDateTimeField(required=False, help_text="Before this moment.")

    def validate_q(self, text: str) -> str:
        if "\x00" in text:
            raise serializers.ValidationError(_("The text holds a character no text has."))
        try:
            if has_letters(text):
                parse_query(text)
        except InvalidSearchQuery as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal
        return text


class DatelineOut(serializers.Serializer[Version]):
    places = serializers.ListField(child=serializers.CharField())
    agency = serializers.CharField(source="dateline_agency")


class WireBylineOut(serializers.Serializer[Any]):
    """One reporter; the address is private to the desk."""

    name = serializers.CharField()
    role = serializers.CharField()
    email = serializers.CharField()


class CaptionOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    credit = serializers.CharField()


class EmbargoOut(serializers.Serializer[Any]):
    """Until when it must not appear."""

    embargo = serializers.ChoiceField(
        choices=Embargo.choices, help_text="open: there is one, and nobody knows until when."
    )
    embargo_until = serializers.DateTimeField(allow_null=True)
    embargo_text = serializers.CharField(help_text="As the agency wrote it.")


class WordsOut(serializers.Serializer[Version]):
    """What the agency said, part by part."""

    agency = serializers.CharField()
    headline = serializers.CharField()
    marks = serializers.ListField(child=serializers.CharField())
    deck = serializers.ListField(child=serializers.CharField())
    sent_at = serializers.DateTimeField(allow_null=True)
    dateline = DatelineOut(source="*")
    bylines = WireBylineOut(many=True)
    paragraphs = serializers.ListField(child=serializers.CharField())
    captions = CaptionOut(many=True)
    rights = serializers.CharField()
    ai_use_prohibited = serializers.BooleanField()
    resale_prohibited = serializers.BooleanField()
    warnings = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    remarks = serializers.SerializerMethodField(help_text="The warnings, as sentences.")

    def get_remarks(self, version: Version) -> list[str]:
        return warning_sentences(version.warnings)


class VersionOut(WordsOut, EmbargoOut):
    """One version as the agency sent it, with what is the desk's alone."""

    number = serializers.IntegerField()
    signal = serializers.ChoiceField(choices=Version.Signal.choices)
    silent_change = serializers.BooleanField()
    received_at = serializers.DateTimeField(source="delivery.received_at")
    stamps = serializers.ListField(child=serializers.CharField())
    contacts = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    furniture = serializers.ListField(source="boilerplate_lines", child=serializers.CharField())


class StandingOut(EmbargoOut):
    """Identity and state of a story, with the embargo in force, of the agency or of a person."""

    id = serializers.IntegerField()
    source = serializers.SlugField(source="source.slug")  # type: ignore[assignment]  # likewise
    version = serializers.IntegerField(source="current.number")
    status = serializers.ChoiceField(choices=Story.Status.choices)


class StoryOut(StandingOut, WordsOut):
    """A story of the inbox: how it stands, and the words of its current version."""

    def to_representation(self, instance: Story) -> dict[str, Any]:
        return {**StandingOut(instance).data, **WordsOut(instance.current).data}


class FullStoryOut(StoryOut):
    """The same with every version, newest arrival first."""

    weak_key = serializers.BooleanField(help_text="Recognised by headline and day alone.")
    versions = VersionOut(many=True)

    def to_representation(self, instance: Story) -> dict[str, Any]:
        newest_first = sorted(instance.versions.all(), key=lambda v: v.number, reverse=True)
        return {
            **super().to_representation(instance),
            "weak_key": instance.weak_key,
            "versions": [VersionOut(version).data for version in newest_first],
        }


class DeliveryOut(serializers.Serializer[Delivery]):
    """Result of a delivery for its sender, without texts and addresses."""

    id = serializers.IntegerField()
    source = serializers.SlugField(source="source.slug")  # type: ignore[assignment]  # likewise
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=Delivery.Status.choices)
    reason = serializers.CharField()
    story = serializers.IntegerField(source="version.story_id", default=None, allow_null=True)
