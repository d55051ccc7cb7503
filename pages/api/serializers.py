"""Serializers of the reader's account export and reader state, which combine several apps.

Component names of the OpenAPI document are public, so they are pinned where the class has another name.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.models import NicknameChange, Sanction, SanctionKind, SanctionReason
from accounts.serializers import ConsentRecordOut, IgnoredReaderOut, MeOut, SessionOut
from comments.api.notifications import PreferencesOut
from comments.api.serializers import MyCommentOut
from comments.api.serializers_procedures import AppealOut, MyReportOut, ObjectionOut
from comments.models import CommentRevision, Notification, Reaction
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


class AddressRecordOut(serializers.Serializer[Any]):
    email = serializers.EmailField()
    confirmed = serializers.BooleanField(source="verified")
    primary = serializers.BooleanField()


class SocialAccountRecordOut(serializers.Serializer[Any]):
    provider = serializers.CharField()
    uid = serializers.CharField(help_text="The account's number at the provider.")
    joined_at = serializers.DateTimeField(source="date_joined")


class NicknameChangeRecordOut(serializers.Serializer[NicknameChange]):
    former = serializers.CharField()
    nickname = serializers.CharField()
    by_staff = serializers.BooleanField(help_text="Whether a moderator has reset it.")
    changed_at = serializers.DateTimeField()


class NotificationRecordOut(serializers.Serializer[Notification]):
    kind = serializers.ChoiceField(choices=Notification.Kind.choices)
    comment = serializers.IntegerField(source="comment_id", allow_null=True)
    message = serializers.CharField(
        source="localized_message", help_text="What a moderator has written to the reader."
    )
    until = serializers.DateTimeField(
        allow_null=True, help_text="The end of a sanction or a block."
    )
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    mailed_at = serializers.DateTimeField(allow_null=True)


class SanctionRecordOut(serializers.Serializer[Sanction]):
    """A sanction, without who imposed or lifted it."""

    kind = serializers.ChoiceField(choices=SanctionKind.choices)
    reason_code = serializers.ChoiceField(choices=SanctionReason.choices)
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null for a warning.")
    lifted_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was lifted, or another took its place."
    )


class FormerTextOut(serializers.Serializer[CommentRevision]):
    """A text of a comment before an edit, as long as the newsroom has it."""

    text = serializers.CharField()
    replaced_at = serializers.DateTimeField()


class CommentRecordOut(MyCommentOut):
    former_texts = FormerTextOut(source="revisions", many=True, help_text="Before its edits.")


@extend_schema_serializer(component_name="BelongingsOut")
class AccountExportOut(serializers.Serializer[Any]):
    account = MeOut()
    addresses = AddressRecordOut(many=True)
    social_accounts = SocialAccountRecordOut(many=True)
    nickname_changes = NicknameChangeRecordOut(many=True)
    sanctions = SanctionRecordOut(many=True, help_text="Past ones too, the oldest first.")
    appeals = AppealOut(many=True)
    block_objections = ObjectionOut(
        many=True, help_text="Objections to blocks of one's comments on request."
    )
    consents = ConsentRecordOut(many=True, help_text="Past ones too, the oldest first.")
    sessions = SessionOut(many=True)
    ignored = IgnoredReaderOut(many=True, help_text="The readers whom one ignores.")
    comments = CommentRecordOut(many=True)
    notifications = NotificationRecordOut(many=True)
    notification_preferences = PreferencesOut()
    reactions = ReactionRecordOut(many=True)
    reports = MyReportOut(many=True)
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
    ignored = serializers.ListField(
        child=serializers.CharField(),
        help_text="Nicknames of the readers whom one ignores: fold their comments.",
    )
    articles = serializers.DictField(
        child=ReaderArticleStateOut(), help_text="By address; what readers cannot open is left out."
    )
