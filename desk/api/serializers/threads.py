"""Serializers of the rules of an article's comments."""

from rest_framework import serializers

from comments.actions.policy import MAX_REASON_CHARS
from comments.models import ThreadPolicy
from comments.models.policy import MAX_CLOSES_AFTER_DAYS, MAX_SLOW_MODE_SECONDS
from newsroom.api.views import (
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
    StrictSerializer,
)


class ThreadPolicyIn(StrictSerializer):
    mode = serializers.ChoiceField(
        choices=ThreadPolicy.Mode.choices,
        required=False,
        help_text="The stricter of this and of the edition counts; `edition`: as the edition says; "
        "`open` also overrides `closes_after_days`.",
    )
    slow_mode_seconds = StrictIntegerField(
        min_value=0,
        max_value=MAX_SLOW_MODE_SECONDS,
        required=False,
        help_text="Between two comments of one reader under the article; 0: none.",
    )
    closes_after_days = StrictIntegerField(
        min_value=0,
        max_value=MAX_CLOSES_AFTER_DAYS,
        required=False,
        help_text="From the first publication on; 0: never.",
    )
    newest_first = StrictBooleanField(
        required=False,
        help_text="The comments that answer the article are read newest first alone, whatever `sort` says.",
    )
    reason = StrictCharField(
        max_length=MAX_REASON_CHARS,
        required=False,
        allow_blank=True,
        help_text="For the audit log.",
    )


class ThreadPolicyOut(serializers.Serializer[ThreadPolicy]):
    """The rules of an article's comments that moderators have set."""

    article = serializers.CharField(source="article.slug")
    mode = serializers.ChoiceField(choices=ThreadPolicy.Mode.choices)
    slow_mode_seconds = serializers.IntegerField()
    closes_after_days = serializers.IntegerField()
    newest_first = serializers.BooleanField()
    close_at = serializers.DateTimeField(
        source="article.comments_close_at",
        allow_null=True,
        help_text="From when on these rules close the comments; null: never.",
    )
