"""Reports: readers report a comment to the moderators.

Only the decision is in the audit log.  Moderators read that, and the author of a comment, who may be one
of them, must not learn who has reported it.
"""

from django.db import transaction
from django.db.models.functions import Now

from accounts.actions import lock_confirmed_writer
from accounts.models import User
from audit.actions import record_audit
from comments.actions.reacting import lock_visible_comment
from comments.content_filter import normalize_comment_text
from comments.errors import MAX_NOTE_CHARS, NoteTooLong, OwnComment
from comments.models import Comment, Report


@transaction.atomic
def report_comment(comment_id: int, *, reason: str, note: str = "", by: User) -> Report:
    """Report a comment, also where comments are closed. One report per reader and comment.

    A second one returns the first unchanged, with `already_existed`.  Raises Suspended, EmailUnconfirmed,
    NoSuchComment unless the comment is visible, OwnComment, NoteTooLong.
    """
    reader = lock_confirmed_writer(by)
    comment = lock_visible_comment(comment_id)
    if comment.author_id == reader.pk:
        raise OwnComment
    note = normalize_comment_text(note)
    if len(note) > MAX_NOTE_CHARS:
        raise NoteTooLong
    report, is_new = Report.objects.get_or_create(
        comment=comment, reader=reader, defaults={"reason": reason, "note": note}
    )
    report.refresh_from_db(fields=["reported_at"])
    report.already_existed = not is_new
    return report


def settle_reports(comment: Comment, *, by: User) -> int:
    """Settle the open reports of a locked comment; returns how many."""
    settled = Report.objects.unsettled().filter(comment=comment).update(settled_at=Now())
    if settled:
        record_audit(
            comment, verb="reports_settled", by=by, article=comment.article_id, reports=settled
        )
    return settled


def detach_reports(reader: User) -> int:
    """Remove a reader from the reports they made, and settle those of their comments; returns how many
    reports they had made."""
    Report.objects.unsettled().filter(comment__author=reader).update(settled_at=Now())
    return Report.objects.filter(reader=reader).update(reader=None, note="")
