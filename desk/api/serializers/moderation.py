"""Serializers of the moderators' queue: items, the context of a comment, decisions, for staff."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from comments.actions import BulkDecision, BulkOutcome
from comments.actions.deciding import UNDO_WINDOW
from comments.finding_texts import RULE_LABELS, finding_words
from comments.models import Comment, CommentFinding, Decision, ModerationItem, Report
from comments.moderation_context import KINDS, ModerationContext, headline_of
from desk.api.serializers.sanctions import SanctionOut
from desk.etags import comment_etag, entity_tag
from newsroom.api.views import QuerySerializer
from newsroom.http.canonical_urls import absolute_url

BULK_OUTCOMES = [each.value for each in BulkOutcome]
# What the screen offers; the rest of UNDO_WINDOW is for the way of its request.
OFFERED_UNDO = timedelta(seconds=10)
assert OFFERED_UNDO < UNDO_WINDOW


class QueueQuery(QuerySerializer):
    kind = serializers.ChoiceField(choices=KINDS, required=False)


class ModeratedWriterOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    nickname = serializers.CharField()
    is_staff = serializers.BooleanField()
    suspended_until = serializers.DateTimeField(allow_null=True)


class ModeratedArticleOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    url = serializers.URLField()
    headline = serializers.CharField()


class ModeratedCommentOut(serializers.Serializer[Comment]):
    """A comment with its text, whatever its state."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    etag = serializers.SerializerMethodField(help_text="For If-Match of a decision.")
    state = serializers.ChoiceField(choices=Comment.State.choices)
    text = serializers.CharField()
    author = ModeratedWriterOut(allow_null=True, help_text="Null: the account is closed.")
    parent = serializers.IntegerField(  # type: ignore[assignment]  # also a word of DRF's
        source="parent_id", allow_null=True
    )
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    pinned_at = serializers.DateTimeField(allow_null=True, help_text="Null: not pinned.")
    reason = serializers.CharField(help_text="For moderators; empty without one.")

    @extend_schema_field(serializers.CharField())
    def get_etag(self, comment: Comment) -> str:
        return comment_etag(comment)


class LeaseOut(serializers.Serializer[Any]):
    """Who decides on the comment now."""

    holder = serializers.CharField(source="leased_by.__str__")
    is_own = serializers.SerializerMethodField()
    until = serializers.DateTimeField(source="leased_until")

    @extend_schema_field(serializers.BooleanField())
    def get_is_own(self, item: ModerationItem) -> bool:
        return bool(item.leased_by_id == self.context["user"].pk)


class ReportReasonOut(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    count = serializers.IntegerField()


class QueueItemOut(serializers.Serializer[ModerationItem]):
    """A comment that waits for a decision. `urgency` orders the queue, the largest first."""

    id = serializers.IntegerField(source="comment_id")
    kinds = serializers.SerializerMethodField()
    urgency = serializers.IntegerField()
    waiting_since = serializers.DateTimeField(source="opened_at")
    reports = serializers.IntegerField()
    weight = serializers.IntegerField(help_text="Of its open reports (docs/moderation.md).")
    report_reasons = ReportReasonOut(many=True)
    comment = ModeratedCommentOut()
    article = serializers.SerializerMethodField()
    lease = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=KINDS)))
    def get_kinds(self, item: ModerationItem) -> list[str]:
        return [kind for kind in KINDS if getattr(item, f"is_{kind}")]

    @extend_schema_field(ModeratedArticleOut())
    def get_article(self, item: Any) -> dict[str, str]:
        return represent_article(item.comment.article, item.last_headline)

    @extend_schema_field(LeaseOut(allow_null=True))
    def get_lease(self, item: ModerationItem) -> Any:
        return lease_data(item, self.context)


def represent_article(article: Any, last_headline: str | None) -> dict[str, str]:
    """An article as its comments name it; withdrawn ones by their last headline."""
    return {
        "slug": article.slug,
        "url": absolute_url(article.get_absolute_url()),
        "headline": headline_of(article, last_headline),
    }


def lease_data(item: ModerationItem | None, context: Mapping[str, Any]) -> Any:
    """The lease of an item, if one is in force at `now` of the context."""
    if item is None or item.leased_by is None or item.leased_until is None:
        return None
    is_over = item.leased_until <= context["now"]
    return None if is_over else LeaseOut(item, context=dict(context)).data


class FindingOut(serializers.Serializer[CommentFinding]):
    """What the content filter found: `text[start:end]` in code points."""

    rule = serializers.ChoiceField(choices=sorted(RULE_LABELS))
    match = serializers.CharField(help_text="The word of the list; empty for other rules.")
    words = serializers.SerializerMethodField(help_text="Rule and word for people.")
    severity = serializers.ChoiceField(choices=["flag", "hold", "block"])
    start = serializers.IntegerField()
    end = serializers.IntegerField()

    @extend_schema_field(serializers.CharField())
    def get_words(self, finding: CommentFinding) -> str:
        return finding_words(finding)


class OpenReportOut(serializers.Serializer[Report]):
    """A report, without who made it."""

    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    note = serializers.CharField()
    weight = serializers.IntegerField()
    reported_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.SerializerMethodField(
        help_text="What a moderator found; null: nothing yet."
    )

    @extend_schema_field(serializers.ChoiceField(choices=Report.Outcome.choices, allow_null=True))
    def get_outcome(self, report: Report) -> str | None:
        return report.outcome or None


class RevisionOut(serializers.Serializer[Any]):
    """A text before an edit."""

    version = serializers.IntegerField()
    text = serializers.CharField()
    replaced_at = serializers.DateTimeField()


class DecisionOut(serializers.Serializer[Decision]):
    """A decision on a comment, and what its writer reads."""

    kind = serializers.ChoiceField(choices=Decision.Kind.choices)
    by = serializers.SerializerMethodField()
    decided_at = serializers.DateTimeField()
    undo_until = serializers.SerializerMethodField()
    undone_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    reason_code = serializers.CharField()
    message = serializers.CharField(help_text="To the writer; empty without one.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_by(self, decision: Decision) -> str | None:
        return str(decision.by) if decision.by else None

    @extend_schema_field(serializers.DateTimeField())
    def get_undo_until(self, decision: Decision) -> Any:
        until = decision.decided_at + OFFERED_UNDO
        return serializers.DateTimeField().to_representation(until)


class WriterRecordOut(serializers.Serializer[Any]):
    """The writer's latest comments by state (200 are looked at), the last ones, and sanctions."""

    states = serializers.DictField(child=serializers.IntegerField())
    is_bounded = serializers.BooleanField(help_text="There are more comments than were counted.")
    comments = ModeratedCommentOut(many=True)
    sanctions = SanctionOut(many=True, help_text="The latest first, ten at most.")
    resembles_suspended = serializers.BooleanField(
        help_text="Its address is like one that is suspended."
    )


class ModerationContextOut(serializers.Serializer[ModerationContext]):
    """What a moderator reads to decide on a comment."""

    comment = ModeratedCommentOut()
    article = serializers.SerializerMethodField()
    lease = serializers.SerializerMethodField()
    findings = FindingOut(many=True, help_text="In the order of the text.")
    parent = ModeratedCommentOut(source="comment.parent", allow_null=True)
    before = ModeratedCommentOut(many=True, help_text="Beside it in the thread.")
    after = ModeratedCommentOut(many=True)
    replies = ModeratedCommentOut(many=True)
    record = WriterRecordOut()
    reports = OpenReportOut(many=True)
    revisions = RevisionOut(many=True, help_text="Former texts, the latest first.")
    decisions = DecisionOut(many=True)

    @extend_schema_field(ModeratedArticleOut())
    def get_article(self, context: ModerationContext) -> dict[str, str]:
        comment: Any = context.comment
        return represent_article(comment.article, comment.last_headline)

    @extend_schema_field(LeaseOut(allow_null=True))
    def get_lease(self, context: ModerationContext) -> Any:
        return lease_data(context.item, self.context)


class BulkDecisionResultOut(serializers.Serializer[BulkDecision]):
    """What became of one comment. `not_reached`: nothing, for want of time; send it again."""

    id = serializers.IntegerField(source="comment_id")
    outcome = serializers.ChoiceField(choices=BULK_OUTCOMES)
    etag = serializers.SerializerMethodField(help_text="Of a decided one, for undoing it.")
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_etag(self, result: BulkDecision) -> str | None:
        decision = result.decision
        return entity_tag("comment", result.comment_id, decision.version, {}) if decision else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_code(self, result: BulkDecision) -> str | None:
        return result.refusal.code if result.refusal else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_detail(self, result: BulkDecision) -> str | None:
        return str(result.refusal) if result.refusal else None


class BulkDecisionsOut(serializers.Serializer[Any]):
    decided = serializers.IntegerField()
    refused = serializers.IntegerField()
    not_reached = serializers.IntegerField()
    results = BulkDecisionResultOut(many=True)


class DecidedOut(serializers.Serializer[Any]):
    """The comment as it is now, the decision, and the results of its branch."""

    comment = ModeratedCommentOut()
    decision = DecisionOut()
    branch = BulkDecisionResultOut(many=True)
