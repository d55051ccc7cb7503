"""What moderators decide."""

from django.db import transaction

from accounts.models import User
from comments.actions.counting import move
from comments.actions.reporting import settle
from comments.errors import AlreadyDecided, ChangedMeanwhile, Deleted
from comments.models import Comment
from comments.permissions import may_moderate
from newsroom.errors import require

State = Comment.State


@transaction.atomic
def show(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Let readers read a comment that was held or hidden; it returns to its old place. Reports are settled.

    `version` is the one the moderator has read.  Raises NotAllowed, Deleted, AlreadyDecided,
    ChangedMeanwhile.
    """
    comment = hold_for(comment, by=by, version=version, unless=State.VISIBLE)
    move(comment, State.VISIBLE, verb="showed", by=by, reason="")
    settle(comment, by=by)
    return comment


@transaction.atomic
def hide(comment: Comment, *, by: User, reason: str, version: int | None = None) -> Comment:
    """Take a comment away from readers and settle its reports; `reason` is for moderators.

    Raises as `show` does.
    """
    comment = hold_for(comment, by=by, version=version, unless=State.HIDDEN)
    move(comment, State.HIDDEN, verb="hid", by=by, reason=reason[:200])
    settle(comment, by=by)
    return comment


@transaction.atomic
def hold(comment: Comment, *, by: User, reason: str, version: int | None = None) -> Comment:
    """Take a comment away until somebody has decided. Raises as `show` does."""
    comment = hold_for(comment, by=by, version=version, unless=State.HELD)
    move(comment, State.HELD, verb="held", by=by, reason=reason[:200])
    return comment


@transaction.atomic
def leave_as_it_is(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Settle the reports of a comment that may stay. Raises as `show` does; AlreadyDecided without any."""
    comment = hold_for(comment, by=by, version=version)
    if not settle(comment, by=by):
        raise AlreadyDecided
    return comment


def hold_for(comment: Comment, *, by: User, version: int | None, unless: str = "") -> Comment:
    """The comment, locked, if there is something to decide on it."""
    require(may_moderate(by))
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    held = rows.get(pk=comment.pk)
    if held.state == State.DELETED:
        raise Deleted
    if held.state == unless:
        raise AlreadyDecided
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    return held
