"""What readers tell the moderators of others' comments. Only the decision is in the audit log: moderators
read it, and a report must not tell its subject, who may be one of them, whose it was.
"""

from django.db import transaction
from django.db.models.functions import Now

from accounts.actions import hold_writer
from accounts.models import User
from audit.actions import record
from comments.actions.reacting import hold_seen
from comments.content_filter import tidy
from comments.errors import LONGEST_NOTE, NoteTooLong, OwnComment
from comments.models import Comment, Report


@transaction.atomic
def report(number: int, *, reason: str, note: str = "", by: User) -> Report:
    """Tell the moderators of a comment; also where comments are closed, for readers read it there.

    Who has reported it before is answered with that report, `repeated`, unchanged.  Raises Suspended,
    NoSuchComment for one that readers do not see, OwnComment, NoteTooLong.
    """
    reader = hold_writer(by)
    comment = hold_seen(number)
    if comment.author_id == reader.pk:
        raise OwnComment
    said = tidy(note)
    if len(said) > LONGEST_NOTE:
        raise NoteTooLong
    made, is_new = Report.objects.get_or_create(
        comment=comment, reader=reader, defaults={"reason": reason, "note": said}
    )
    made.refresh_from_db(fields=["reported_at"])
    made.repeated = not is_new
    return made


def settle(comment: Comment, *, by: User) -> int:
    """Close the reports that wait, of a comment held by the caller. How many they were."""
    settled = Report.objects.waiting().filter(comment=comment).update(settled_at=Now())
    if settled:
        record(comment, verb="reports_settled", by=by, article=comment.article_id, reports=settled)
    return settled


def forget_reports(reader: User) -> int:
    """Cut a leaving reader's reports loose, and close those of the reader's own comments. How many."""
    Report.objects.waiting().filter(comment__author=reader).update(settled_at=Now())
    return Report.objects.filter(reader=reader).update(reader=None, note="")
