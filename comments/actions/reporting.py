"""Reports: readers report a comment to the moderators.

Only the decision is in the audit log.  Moderators read that, and the author of a comment, who may be one
of them, must not learn who has reported it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.actions import lock_confirmed_writer
from accounts.email_addresses import is_email_settled
from accounts.models import User
from audit.actions import record_audit
from comments.actions.counting import change_comment_state
from comments.actions.locking import lock_with_parent
from comments.actions.queueing import open_reported_item, refresh_item, was_approved
from comments.actions.reacting import lock_visible_comment
from comments.content_filter import normalize_comment_text
from comments.errors import MAX_NOTE_CHARS, NoteTooLong, OwnComment
from comments.models import REPORTS_REASON, Comment, Decision, ModerationItem, Report
from comments.moderation_rules import OpenReports, report_weight

Outcome = Report.Outcome


@transaction.atomic
def report_comment(comment_id: int, *, reason: str, note: str = "", by: User) -> Report:
    """Report a comment, also where comments are closed. One report per reader and comment.

    A second one returns the first unchanged, with `already_existed`.  The report weighs by the record of
    its reader; together the reports of a comment may hide it until a moderator decides: a pin comes back
    if that shows it.  Raises Suspended, EmailUnconfirmed, NoSuchComment unless the comment is visible,
    OwnComment, NoteTooLong.
    """
    reader = lock_confirmed_writer(by)
    lock_with_parent(comment_id)  # the report may hide it, which changes the comment above it
    comment = lock_visible_comment(comment_id)
    if comment.author_id == reader.pk:
        raise OwnComment
    note = normalize_comment_text(note)
    if len(note) > MAX_NOTE_CHARS:
        raise NoteTooLong
    report, is_new = Report.objects.get_or_create(
        comment=comment,
        reader=reader,
        defaults={"reason": reason, "note": note, "weight": weight_of_reporter(reader)},
    )
    report.refresh_from_db(fields=["reported_at"])
    report.already_existed = not is_new
    if is_new:
        reports = open_reported_item(comment)
        if hides_comment(reports) and not was_approved(comment):
            ModerationItem.objects.filter(pk=comment.pk).update(former_pinned_at=comment.pinned_at)
            change_comment_state(
                comment, Comment.State.HELD, verb="held_by_reports", by=None, reason=REPORTS_REASON
            )
    return report


def weight_of_reporter(reader: User) -> int:
    """What a report of this reader weighs: nothing of a new or unconfirmed account, else by its record."""
    min_age = timedelta(hours=settings.REPORTER_MIN_AGE_HOURS)
    if reader.date_joined > timezone.now() - min_age or not is_email_settled(reader):
        return 0
    record = Report.objects.filter(reader=reader).aggregate(
        confirmed=Count("pk", filter=Q(outcome=Outcome.CONFIRMED)),
        dismissed=Count("pk", filter=Q(outcome=Outcome.DISMISSED)),
    )
    return report_weight(**record)


def hides_comment(reports: OpenReports) -> bool:
    """Whether reports hide a comment until a moderator decides: heavy enough, of enough accounts."""
    is_heavy = reports.weight >= settings.REPORTS_HIDE_WEIGHT
    return is_heavy and reports.reporters >= settings.REPORTS_HIDE_REPORTERS


def settle_reports(
    comment: Comment, *, by: User, outcome: str = "", decision: Decision | None = None
) -> int:
    """Settle the open reports of a locked comment, and close its item if nothing else keeps it; how many.

    `outcome` counts for the record of those who reported, but for a moderator's own report.
    """
    unsettled = Report.objects.unsettled().filter(comment=comment)
    values = {"settled_at": Now(), "settled_by": decision}
    settled = unsettled.filter(reader=by).update(**values)
    settled += unsettled.update(**values, outcome=outcome)
    if settled:
        record_audit(
            comment, verb="reports_settled", by=by, article=comment.article_id, reports=settled
        )
    refresh_item(comment)
    return settled


def detach_reports(reader: User) -> int:
    """Remove a reader from the reports they made, and settle those of their comments; returns how many
    reports they had made."""
    # The items of their comments are deleted with the comments' text (`erase_moderation`).
    Report.objects.unsettled().filter(comment__author=reader).update(settled_at=Now())
    return Report.objects.filter(reader=reader).update(reader=None, note="")
