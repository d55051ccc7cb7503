"""Leases of items of the moderation queue: who works on what, for a short time."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from audit.actions import record_audit
from comments.actions.queueing import last_decision
from comments.errors import AlreadyDecided, Leased, NotInQueue, OwnCommentDecision
from comments.models import Comment, ModerationItem
from comments.permissions import may_lead_moderation, may_moderate_comments
from newsroom.errors import require


@transaction.atomic
def lease_item(comment: Comment, *, by: User) -> ModerationItem:
    """Take the lease of an item for MODERATION_LEASE_SECONDS, or renew one's own.

    Raises NotAllowed, OwnCommentDecision, Leased if somebody else has it, AlreadyDecided, NotInQueue.
    """
    require(may_moderate_comments(by))
    require_not_own(comment, by)
    free = Q(leased_by=None) | Q(leased_by=by) | Q(leased_until__lte=Now())
    if not ModerationItem.objects.filter(free, pk=comment.pk).update(**lease_values(by)):
        require_free(comment, by)
        raise refusal_of_closed(comment)
    return leased_item(comment)


@transaction.atomic
def take_over_lease(comment: Comment, *, by: User) -> ModerationItem:
    """Take the lease of an item from a colleague: for leading moderators.

    Raises NotAllowed, OwnCommentDecision, AlreadyDecided, NotInQueue.
    """
    require(may_moderate_comments(by) and may_lead_moderation(by))
    require_not_own(comment, by)
    former = ModerationItem.objects.leased().filter(pk=comment.pk).exclude(leased_by=by).first()
    if not ModerationItem.objects.filter(pk=comment.pk).update(**lease_values(by)):
        raise refusal_of_closed(comment)
    if former is not None:
        record_audit(comment, verb="lease_taken_over", by=by, holder=former.leased_by_id)
    return leased_item(comment)


def release_item(comment: Comment, *, by: User) -> None:
    """Give one's own lease of an item back. Idempotent."""
    own = ModerationItem.objects.filter(pk=comment.pk, leased_by=by)
    own.update(leased_by=None, leased_until=None)


def release_leases_of(user: User) -> int:
    """Give all leases of a user back, who signs out; returns how many."""
    return ModerationItem.objects.filter(leased_by=user).update(leased_by=None, leased_until=None)


def require_not_own(comment: Comment, by: User) -> None:
    """Raise OwnCommentDecision for a moderator's own comment, which colleagues decide on."""
    if comment.author_id == by.pk:
        raise OwnCommentDecision


def require_free(comment: Comment, by: User) -> None:
    """Raise Leased if a colleague has the lease of this comment's item."""
    leased = ModerationItem.objects.leased().select_related("leased_by")
    item = leased.filter(pk=comment.pk).exclude(leased_by=by).first()
    if item is not None and item.leased_by is not None and item.leased_until is not None:
        raise Leased(str(item.leased_by), item.leased_until)


def lease_values(by: User) -> dict[str, object]:
    """Columns of a lease that begins now."""
    seconds = timedelta(seconds=settings.MODERATION_LEASE_SECONDS)
    return {"leased_by": by, "leased_until": Now() + seconds}


def leased_item(comment: Comment) -> ModerationItem:
    """The item with its lease, read again."""
    return ModerationItem.objects.select_related("leased_by").get(pk=comment.pk)


def refusal_of_closed(comment: Comment) -> AlreadyDecided | NotInQueue:
    """Why there is no item: a colleague's decision, or nothing to decide."""
    decision = last_decision(comment)
    return AlreadyDecided(decision) if decision else NotInQueue()
