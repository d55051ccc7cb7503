"""Serializers of the reader's account export and reader state, which combine several apps.

Component names of the OpenAPI document are public, so they are pinned where the class has another name.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.serializers import MeOut
from comments.api.serializers import MyCommentOut, ReportOut
from comments.models import Reaction
from newsroom.api.views import QuerySerializer
from polls.api.serializers import PollOut
from polls.models import Choice

MAX_STATE_ARTICLES = 50


@extend_schema_serializer(component_name="KeptOut")
class SavedArticleOut(serializers.Serializer[Any]):
    article = serializers.CharField(help_text="Its address.")
    headline = serializers.CharField()
    saved_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="CastOut")
class VoteRecordOut(serializers.Serializer[Any]):
    poll = serializers.IntegerField()
    question = serializers.CharField(allow_null=True, help_text="Null once readers cannot see it.")
    side = serializers.ChoiceField(choices=Choice.choices)
    cast_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="ThoughtOut")
class ReactionRecordOut(serializers.Serializer[Reaction]):
    comment = serializers.IntegerField(source="comment_id")
    value = serializers.ChoiceField(choices=Reaction.Value.choices)
    reacted_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="BelongingsOut")
class AccountExportOut(serializers.Serializer[Any]):
    account = MeOut()
    comments = MyCommentOut(many=True)
    reactions = ReactionRecordOut(many=True)
    reports = ReportOut(many=True)
    saves = SavedArticleOut(many=True)
    votes = VoteRecordOut(many=True)


class StateQuery(QuerySerializer):
    page_size = None  # type: ignore[assignment]  # removes the inherited field (DRF)
    cursor = None  # type: ignore[assignment]
    articles = serializers.CharField(
        max_length=MAX_STATE_ARTICLES * 130,
        help_text=f"Addresses of articles, by comma; at most {MAX_STATE_ARTICLES}.",
    )

    def validate_articles(self, value: str) -> list[str]:
        slugs = [slug for slug in dict.fromkeys(value.split(",")) if slug]
        if not 1 <= len(slugs) <= MAX_STATE_ARTICLES:
            raise serializers.ValidationError(f"1–{MAX_STATE_ARTICLES}")
        return slugs


@extend_schema_serializer(component_name="StandingOut")
class ReaderArticleStateOut(serializers.Serializer[Any]):
    """How one stands to an article."""

    is_saved = serializers.BooleanField()
    my_vote = serializers.ChoiceField(choices=Choice.choices, allow_null=True)
    poll = PollOut(
        allow_null=True, help_text="The poll as one may see it after voting; null before."
    )
    my_comments = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of one's own comments, newest first."
    )
    my_reaction = serializers.DictField(
        child=serializers.ChoiceField(choices=Reaction.Value.choices),
        help_text="One's reactions to others' comments, by the number of the comment.",
    )


class StateOut(serializers.Serializer[Any]):
    signed_in = serializers.BooleanField()
    articles = serializers.DictField(
        child=ReaderArticleStateOut(), help_text="By address; what readers cannot open is left out."
    )
