"""Items of the moderation queue: opened, updated and closed with the state and the reports of a comment.

Each function works on a comment that the caller has locked, in the caller's transaction.
"""

from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Now

from audit.actions import record_audit
from comments.content_filter import Severity
from comments.errors import AlreadyDecided, CommentChanged
from comments.finding_texts import has_passage
from comments.models import (
    REPORTS_REASON,
    Comment,
    CommentFinding,
    CommentRevision,
    Decision,
    ModerationItem,
    Report,
)
from comments.moderation_rules import OpenReports, urgency, urgency_points
from newsroom.db.expressions import database_now

State = Comment.State
Kind = Decision.Kind
GRAVE_REASONS = (Report.Reason.HATE, Report.Reason.PERSONAL_DATA)


def refresh_item(comment: Comment) -> None:
    """After a change of the comment: open, update or close its item. One query where there is nothing."""
    item = ModerationItem.objects.filter(pk=comment.pk).first()
    if item is not None or comment.state == State.HELD:
        store_item(comment, item or ModerationItem(comment=comment))


def open_item(comment: Comment) -> None:
    """Open the item of a new comment, which has none."""
    store_item(comment, ModerationItem(comment=comment))


def open_reported_item(comment: Comment) -> OpenReports:
    """After a report: open or update the item; what the reports weigh together now."""
    item = ModerationItem.objects.filter(pk=comment.pk).first()
    return store_item(comment, item or ModerationItem(comment=comment))


def flag_comment(comment: Comment, *, reason: str = "") -> None:
    """Bring a visible comment before moderators without hiding it (an edit after a decision, a filter)."""
    item = ModerationItem.objects.filter(pk=comment.pk).first() or ModerationItem(comment=comment)
    item.is_flagged = True
    store_item(comment, item)
    record_audit(comment, verb="flagged", by=None, article=comment.article_id, reason=reason)


def flag_findings(comment: Comment) -> None:
    """Flag a visible comment in which the filter has found something that is shown and marked."""
    if not comment.is_visible():
        return
    flags = CommentFinding.objects.filter(comment=comment, severity=Severity.FLAG.value)
    if rule := flags.order_by("start", "pk").values_list("rule", flat=True).first():
        flag_comment(comment, reason=rule)


def store_item(comment: Comment, item: ModerationItem) -> OpenReports:
    """Save an item by the comment, its open reports and its flag, or delete it."""
    reports = open_reports_of(comment)
    item.is_held = comment.state == State.HELD
    item.is_reported = reports.total > 0
    item.is_flagged = item.is_flagged and comment.state in {State.VISIBLE, State.HELD}
    if not (item.is_held or item.is_reported or item.is_flagged):
        ModerationItem.objects.filter(pk=comment.pk).delete()
        return reports
    item.reports, item.weight = reports.total, reports.weight
    item.opened_at = item.opened_at or database_now()
    points = urgency_points(
        is_held=item.is_held,
        is_flagged=item.is_flagged,
        is_hidden_by_reports=item.is_held and comment.reason == REPORTS_REASON,
        has_passage=item.is_held and has_passage(comment),
        reports=reports,
    )
    item.urgency = urgency(points, opened_at=item.opened_at)
    item.save()
    return reports


def open_reports_of(comment: Comment) -> OpenReports:
    """The open reports of a comment. Those of accounts closed or suspended by now weigh nothing."""
    may_write = Q(reader__suspended_until=None) | Q(reader__suspended_until__lte=Now())
    counts = Q(reader__is_active=True, weight__gt=0) & may_write
    row = (
        Report.objects.unsettled()
        .filter(comment=comment)
        .aggregate(
            open_count=Count("pk"),
            total_weight=Sum("weight", filter=counts),
            reporters=Count("pk", filter=counts),
            grave=Count("pk", filter=counts & Q(reason__in=GRAVE_REASONS)),
        )
    )
    return OpenReports(row["open_count"], row["total_weight"] or 0, row["reporters"], row["grave"])


def last_decision(comment: Comment) -> Decision | None:
    """The last decision on a comment that was not undone."""
    decisions = Decision.objects.in_force().filter(comment=comment).select_related("by")
    return decisions.order_by("-pk").first()


def raise_changed(comment: Comment) -> NoReturn:
    """Raise AlreadyDecided if a decision made the present version of a comment, else CommentChanged."""
    decision = last_decision(comment)
    if decision is not None and decision.version == comment.version:
        raise AlreadyDecided(decision)
    raise CommentChanged(comment)


def was_approved(comment: Comment) -> bool:
    """Whether a moderator has left or shown the present text: no report hides it before an edit."""
    decision = last_decision(comment)
    if decision is None or decision.kind not in {Kind.SHOW, Kind.KEEP}:
        return False
    return comment.edited_at is None or comment.edited_at < decision.decided_at


def record_revision(comment: Comment) -> None:
    """Store the text of a locked comment before an edit; one that moderators have approved is flagged."""
    if comment.state == State.VISIBLE and was_approved(comment):
        flag_comment(comment, reason="edited")
    CommentRevision.objects.create(comment=comment, version=comment.version, text=comment.text)


def erase_moderation(comments: QuerySet[Comment]) -> None:
    """Delete what moderation has of comments whose text is erased: items, former texts, decisions."""
    ids = list(comments.order_by().values_list("pk", flat=True))
    ModerationItem.objects.filter(pk__in=ids).delete()
    CommentRevision.objects.filter(comment__in=ids).delete()
    Decision.objects.filter(comment__in=ids).delete()


def erase_revisions(comment: Comment) -> None:
    """Delete the former texts of a comment that its author has deleted."""
    CommentRevision.objects.filter(comment=comment).delete()


def delete_old_revisions(now: datetime) -> int:
    """Delete former texts that were replaced more than COMMENT_REVISION_DAYS ago; how many."""
    old = now - timedelta(days=settings.COMMENT_REVISION_DAYS)
    return CommentRevision.objects.filter(replaced_at__lt=old).delete()[0]
