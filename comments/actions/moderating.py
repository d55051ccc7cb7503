"""What moderators decide."""

from django.db import transaction

from accounts.models import User
from comments.actions.counting import change_comment_state
from comments.actions.reporting import settle_reports
from comments.errors import AlreadyDecided, CommentChanged, CommentDeleted
from comments.models import Comment
from comments.permissions import may_moderate_comments
from newsroom.errors import require

State = Comment.State


@transaction.atomic
def show_comment(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Let readers read a comment that was held or hidden; it returns to its old place. Reports are settled.

    `version` is the one the moderator has read.  Raises NotAllowed, Deleted, AlreadyDecided,
    ChangedMeanwhile.
    """
    comment = lock_for_decision(comment, by=by, version=version, unless=State.VISIBLE)
    change_comment_state(comment, State.VISIBLE, verb="showed", by=by, reason="")
    settle_reports(comment, by=by)
    return comment


@transaction.atomic
def hide_comment(comment: Comment, *, by: User, reason: str, version: int | None = None) -> Comment:
    """Take a comment away from readers and settle its reports; `reason` is for moderators.

    Raises as `show` does.
    """
    comment = lock_for_decision(comment, by=by, version=version, unless=State.HIDDEN)
    change_comment_state(comment, State.HIDDEN, verb="hid", by=by, reason=reason[:200])
    settle_reports(comment, by=by)
    return comment


@transaction.atomic
def hold_comment(comment: Comment, *, by: User, reason: str, version: int | None = None) -> Comment:
    """Take a comment away until somebody has decided. Raises as `show` does."""
    comment = lock_for_decision(comment, by=by, version=version, unless=State.HELD)
    change_comment_state(comment, State.HELD, verb="held", by=by, reason=reason[:200])
    return comment


@transaction.atomic
def dismiss_reports(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Settle the reports of a comment that may stay. Raises as `show` does; AlreadyDecided without any."""
    comment = lock_for_decision(comment, by=by, version=version)
    if not settle_reports(comment, by=by):
        raise AlreadyDecided
    return comment


def lock_for_decision(
    comment: Comment, *, by: User, version: int | None, unless: str = ""
) -> Comment:
    """The comment, locked, if there is something to decide on it."""
    require(may_moderate_comments(by))
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    held = rows.get(pk=comment.pk)
    if held.state == State.DELETED:
        raise CommentDeleted
    if held.state == unless:
        raise AlreadyDecided
    if version is not None and held.version != version:
        raise CommentChanged
    return held
