"""Serializers of comments, reactions and reports."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from comments.models import Comment, Decision, Reaction, Report
from newsroom.api.renderers import MAX_INTEGER
from newsroom.api.shared_serializers import shared_serializer
from newsroom.api.views import (
    QuerySerializer,
    StrictCharField,
    StrictIntegerField,
    StrictSerializer,
)
from newsroom.http.canonical_urls import absolute_url

NEWEST_FIRST, OLDEST_FIRST, BEST_FIRST = "newest", "oldest", "best"
# State in the API of a comment whose author has closed the account.
ACCOUNT_CLOSED = "account_closed"
STATES = [*Comment.State.values, ACCOUNT_CLOSED]
# Before normalization; the limit of the action counts composed characters (comments.errors).
MAX_REQUEST_TEXT_CHARS = 10_000


class ThreadQuery(QuerySerializer):
    sort = serializers.ChoiceField(
        choices=[NEWEST_FIRST, OLDEST_FIRST, BEST_FIRST],
        default=NEWEST_FIRST,
        help_text="`best`: by the lower bound of the Wilson score interval of the share of likes (95 %), "
        "of equals the newest first. Without reactions a comment stands between those that some like "
        "and those that all dislike. Where moderators have fixed the order of a thread, the comments that "
        "answer the article come newest first, and `next` says `sort=newest`.",
    )
    parent = serializers.IntegerField(  # type: ignore[assignment]  # also a word of DRF's
        min_value=1,
        max_value=MAX_INTEGER,
        required=False,
        help_text="The replies to this comment; without it, comments that answer the article.",
    )


class TextIn(StrictSerializer):
    text = StrictCharField(
        max_length=MAX_REQUEST_TEXT_CHARS,
        trim_whitespace=False,
        allow_blank=True,  # refused by the action, with a message of its own
        help_text="At most 1,000 characters, counted composed (NFC).",
    )


class CommentIn(TextIn):
    parent = StrictIntegerField(  # type: ignore[assignment]  # also a word of DRF's
        min_value=1,
        max_value=MAX_INTEGER,
        required=False,
        allow_null=True,
        help_text="The comment answered.",
    )


class ReactionIn(StrictSerializer):
    value = serializers.ChoiceField(choices=Reaction.Value.choices)


class ReactionsOut(serializers.Serializer[Comment]):
    """How many readers like it, how many do not."""

    likes = serializers.IntegerField()
    dislikes = serializers.IntegerField()


class ReportIn(StrictSerializer):
    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    note = StrictCharField(
        max_length=MAX_REQUEST_TEXT_CHARS,
        required=False,
        allow_blank=True,
        help_text="For moderators, at most 500 characters.",
    )


class ReportOut(serializers.Serializer[Report]):
    """Report of a comment by the user. Only moderators see it, without who made it."""

    comment = serializers.IntegerField(source="comment_id")
    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    note = serializers.CharField()
    reported_at = serializers.DateTimeField()


class WriterOut(serializers.Serializer[User]):
    """Author of a comment: the nickname, and whether it is a member of staff."""

    nickname = serializers.CharField()
    is_staff = serializers.BooleanField()


class ReplyOut(serializers.Serializer[Comment]):
    """A comment as readers get it. What readers do not see is an empty place: `author`, `text`
    and `reactions` null."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(  # type: ignore[assignment]  # also a word of DRF's
        source="parent_id", allow_null=True, help_text="The comment this stands under."
    )
    in_reply_to = serializers.IntegerField(
        source="in_reply_to_id", allow_null=True, help_text="The comment this answers."
    )
    state = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.SerializerMethodField()
    reactions = serializers.SerializerMethodField()

    def may_read_text(self, comment: Comment) -> bool:
        """Whether the client may read author, text and reactions."""
        return comment.is_visible()

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, comment: Comment) -> str:
        is_erased = comment.state == Comment.State.DELETED and comment.author_id is None
        return ACCOUNT_CLOSED if is_erased else comment.state

    @extend_schema_field(WriterOut(allow_null=True))
    def get_author(self, comment: Comment) -> Any:
        author = comment.author if self.may_read_text(comment) else None
        if author is None or author.public_nickname is None:
            return None
        return shared_serializer(WriterOut).to_representation(author)

    def get_text(self, comment: Comment) -> str | None:
        return comment.text if self.may_read_text(comment) else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_edited_at(self, comment: Comment) -> Any:
        edited_at = comment.edited_at if self.may_read_text(comment) else None
        return serializers.DateTimeField().to_representation(edited_at) if edited_at else None

    @extend_schema_field(ReactionsOut(allow_null=True))
    def get_reactions(self, comment: Comment) -> dict[str, int] | None:
        counts = {"likes": comment.likes, "dislikes": comment.dislikes}
        return counts if self.may_read_text(comment) else None


class ReactedOut(ReplyOut):
    """The comment as it is now, with one's own reaction to it."""

    my_reaction = serializers.ChoiceField(choices=Reaction.Value.choices, allow_null=True)


class CommentOut(ReplyOut):
    """A comment with its first replies. Takes rows on which `attach_first_replies` has set them."""

    is_pinned = serializers.SerializerMethodField(
        help_text="Pinned by a moderator: on the first page of its thread, before the others."
    )
    reply_count = serializers.IntegerField(source="visible_replies")
    replies = ReplyOut(
        many=True, source="first_replies", help_text="The first 20, oldest first; more by `parent`."
    )

    def get_is_pinned(self, comment: Comment) -> bool:
        return comment.pinned_at is not None


class ModerationMessageOut(serializers.Serializer[Decision]):
    """Why one's own comment is hidden, in the words of the reason that the moderator chose."""

    reason_code = serializers.CharField()
    message = serializers.CharField()
    decided_at = serializers.DateTimeField()


def moderation_message(comment: Any) -> Any:
    """The message of the decision that hides a comment (`Decision.objects.hiding`); null without one."""
    is_hidden = comment.state == Comment.State.HIDDEN and comment.hiding_decisions
    decision = comment.hiding_decisions[-1] if is_hidden else None
    return ModerationMessageOut(decision).data if decision and decision.message else None


class OwnCommentOut(CommentOut):
    """One's own comment: readable to its author whatever moderators have said."""

    def may_read_text(self, comment: Comment) -> bool:
        return comment.state != Comment.State.DELETED


class UnderOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    url = serializers.URLField()
    headline = serializers.CharField()


class MyCommentOut(serializers.Serializer[Comment]):
    """A comment on one's own list, with the article it stands under while readers can open that."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(  # type: ignore[assignment]  # also a word of DRF's
        source="parent_id", allow_null=True
    )
    in_reply_to = serializers.IntegerField(source="in_reply_to_id", allow_null=True)
    state = serializers.ChoiceField(choices=STATES)
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    moderation = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()

    @extend_schema_field(ModerationMessageOut(allow_null=True))
    def get_moderation(self, comment: Comment) -> Any:
        return moderation_message(comment)

    @extend_schema_field(UnderOut(allow_null=True))
    def get_article(self, comment: Comment) -> dict[str, str] | None:
        article = comment.article
        if article.live is None or not article.is_shown(timezone.now()):
            return None
        return {
            "slug": article.slug,
            "url": absolute_url(article.get_absolute_url()),
            "headline": article.live.headline,
        }
