"""Moderation: show, hide and hold comments, dismiss reports."""

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.actions import record_audit
from comments.actions.counting import change_comment_state
from comments.actions.reporting import settle_reports
from comments.errors import AlreadyDecided, CommentChanged, CommentDeleted
from comments.errors.procedures import CommentBlocked
from comments.models import Comment, Commenter
from comments.permissions import may_moderate_comments
from newsroom.errors import require

State = Comment.State


@transaction.atomic
def show_comment(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Show a comment that was held or hidden, in its former place, and settle its reports.

    `version` is the one that the moderator has read.  Raises NotAllowed, CommentDeleted, AlreadyDecided,
    CommentChanged.
    """
    comment = lock_for_decision(comment, by=by, version=version, unless=State.VISIBLE)
    if comment.state == State.HELD:
        count_approved(comment)
    change_comment_state(comment, State.VISIBLE, verb="showed", by=by, reason="")
    settle_reports(comment, by=by)
    return comment


@transaction.atomic
def hide_comment(comment: Comment, *, by: User, reason: str, version: int | None = None) -> Comment:
    """Hide a comment from readers and settle its reports; `reason` is for moderators.

    Raises as `show_comment` does.
    """
    comment = lock_for_decision(comment, by=by, version=version, unless=State.HIDDEN)
    change_comment_state(comment, State.HIDDEN, verb="hid", by=by, reason=reason[:200])
    settle_reports(comment, by=by)
    return comment


@transaction.atomic
def hold_comment(comment: Comment, *, by: User, reason: str, version: int | None = None) -> Comment:
    """Hold a comment until a moderator decides. Raises as `show_comment` does."""
    comment = lock_for_decision(comment, by=by, version=version, unless=State.HELD)
    change_comment_state(comment, State.HELD, verb="held", by=by, reason=reason[:200])
    return comment


@transaction.atomic
def dismiss_reports(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Settle the reports of a comment and leave it as it is.

    Raises as `show_comment` does, and AlreadyDecided if there are no reports.
    """
    comment = lock_for_decision(comment, by=by, version=version)
    if not settle_reports(comment, by=by):
        raise AlreadyDecided
    return comment


@transaction.atomic
def approve_writer(reader: User, *, by: User) -> None:
    """Make a reader known to moderators: neither the wait nor the hold of first comments applies.

    Raises NotAllowed.
    """
    require(may_moderate_comments(by))
    Commenter.objects.update_or_create(
        reader=reader, defaults={"approved": max(1, settings.HELD_FIRST_COMMENTS)}
    )
    record_audit(reader, verb="writer_approved", by=by)


def count_approved(comment: Comment) -> None:
    """Count a held comment that is shown for its author, who becomes known (`Commenter`)."""
    if comment.author_id is None:
        return
    row, is_new = Commenter.objects.get_or_create(
        reader_id=comment.author_id, defaults={"approved": 1}
    )
    if not is_new:
        Commenter.objects.filter(pk=row.pk).update(approved=F("approved") + 1)


def lock_for_decision(
    comment: Comment, *, by: User, version: int | None, unless: str = ""
) -> Comment:
    """Lock a comment for a moderator's decision; `unless` is the state that the decision would lead to."""
    require(may_moderate_comments(by))
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    locked = rows.get(pk=comment.pk)
    if locked.state == State.DELETED:
        raise CommentDeleted
    if locked.state == State.BLOCKED:
        raise CommentBlocked
    if locked.state == unless:
        raise AlreadyDecided
    if version is not None and locked.version != version:
        raise CommentChanged
    return locked
