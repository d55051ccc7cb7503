"""What readers tell the moderators of others' comments. Only the decision is in the audit log: moderators
read it, and a report must not tell its subject, who may be one of them, whose it was.
"""

from django.db import transaction
from django.db.models.functions import Now

from accounts.actions import lock_writer
from accounts.models import User
from audit.actions import record_audit
from comments.actions.reacting import lock_visible_comment
from comments.content_filter import normalize_comment_text
from comments.errors import MAX_NOTE_CHARS, NoteTooLong, OwnComment
from comments.models import Comment, Report


@transaction.atomic
def report_comment(comment_id: int, *, reason: str, note: str = "", by: User) -> Report:
    """Tell the moderators of a comment; also where comments are closed, for readers read it there.

    Who has reported it before is answered with that report, `repeated`, unchanged.  Raises Suspended,
    NoSuchComment for one that readers do not see, OwnComment, NoteTooLong.
    """
    reader = lock_writer(by)
    comment = lock_visible_comment(comment_id)
    if comment.author_id == reader.pk:
        raise OwnComment
    said = normalize_comment_text(note)
    if len(said) > MAX_NOTE_CHARS:
        raise NoteTooLong
    made, is_new = Report.objects.get_or_create(
        comment=comment, reader=reader, defaults={"reason": reason, "note": said}
    )
    made.refresh_from_db(fields=["reported_at"])
    made.already_existed = not is_new
    return made


def settle_reports(comment: Comment, *, by: User) -> int:
    """Close the reports that wait, of a comment held by the caller. How many they were."""
    settled = Report.objects.unsettled().filter(comment=comment).update(settled_at=Now())
    if settled:
        record_audit(
            comment, verb="reports_settled", by=by, article=comment.article_id, reports=settled
        )
    return settled


def detach_reports(reader: User) -> int:
    """Cut a leaving reader's reports loose, and close those of the reader's own comments. How many."""
    Report.objects.unsettled().filter(comment__author=reader).update(settled_at=Now())
    return Report.objects.filter(reader=reader).update(reader=None, note="")
