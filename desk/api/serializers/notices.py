"""Serializer of notices (notifications to staff)."""

from typing import Any

from rest_framework import serializers

from desk.models import Notice


class PersonalNoticeOut(serializers.Serializer[Any]):
    """Something that one has to know. `kind` and `subject` name the thing: `desk.release`, 12."""

    id = serializers.IntegerField()
    what = serializers.ChoiceField(choices=Notice.What.choices)
    words = serializers.CharField(source="get_what_display", help_text="The same for people.")
    kind = serializers.CharField()
    subject = serializers.IntegerField()
    label = serializers.CharField(help_text="The headline, or the subscriber's name.")  # type: ignore[assignment]  # a field named like an option
    link = serializers.CharField(
        source="get_absolute_url", help_text="Its page at the desk, a path of this site."
    )
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    over_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is put right; null while it holds."
    )
    seen_at = serializers.DateTimeField(allow_null=True)
    mailed_at = serializers.DateTimeField(allow_null=True)
