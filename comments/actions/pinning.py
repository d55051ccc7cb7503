"""Pins: comments that moderators show before the others of their thread."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from audit.actions import record_audit
from comments.actions.counting import publish_comment_event
from comments.actions.locking import lock_article
from comments.actions.queueing import raise_changed
from comments.errors import NoSuchComment, NotPinnable, TooManyPins
from comments.models import Comment
from comments.permissions import may_moderate_comments
from newsroom.errors import require


@transaction.atomic
def pin_comment(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Pin a visible comment that answers the article; at most COMMENT_PINS_PER_ARTICLE. Idempotent.

    It stays pinned until `unpin_comment`, or until readers no longer see it; one that reports have hidden
    is pinned again when a moderator shows it.  Raises NotAllowed, NoSuchComment, CommentChanged,
    NotPinnable, TooManyPins.
    """
    locked = lock_comment(comment, by=by, version=version)
    if locked.pinned_at:
        return locked
    if locked.parent_id or not locked.is_visible():
        raise NotPinnable
    if not has_room_for_pin(locked):
        raise TooManyPins
    save_pin(locked, Now(), verb="pinned", by=by)
    locked.refresh_from_db(fields=["pinned_at"])
    return locked


@transaction.atomic
def unpin_comment(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Unpin a comment. Idempotent. Raises NotAllowed, NoSuchComment, CommentChanged."""
    locked = lock_comment(comment, by=by, version=version)
    if locked.pinned_at:
        save_pin(locked, None, verb="unpinned", by=by)
    return locked


def has_room_for_pin(comment: Comment) -> bool:
    """Whether the article of a comment has fewer pinned comments than it may have.

    Locks the article, so that two pins at once are counted one after the other.
    """
    lock_article(comment.article_id)
    pinned = Comment.objects.pinned().filter(article=comment.article_id)
    return pinned.count() < settings.COMMENT_PINS_PER_ARTICLE


def save_pin(comment: Comment, pinned_at: Now | None, *, verb: str, by: User) -> None:
    """Save whether a locked comment is pinned, with its audit entry and event."""
    comment.pinned_at = pinned_at
    comment.save(update_fields=["pinned_at"])
    record_audit(comment, verb=verb, by=by, article=comment.article_id)
    publish_comment_event(comment, "comment.edited")


def lock_comment(comment: Comment, *, by: User, version: int | None) -> Comment:
    """Lock a comment for a moderator who has read this version."""
    require(may_moderate_comments(by))
    locked = Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk).first()
    if locked is None:
        raise NoSuchComment
    if version is not None and locked.version != version:
        raise_changed(locked)
    return locked
