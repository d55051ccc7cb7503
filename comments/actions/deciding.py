"""Decisions in the moderation queue: one, many, a branch, and their undoing.

A decision takes effect at once. Undoing it within UNDO_WINDOW is an action of its own, with its own audit
entry, which restores the state, the count, the reports and the item as they were.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now

from accounts.models import User
from audit.actions import record_audit
from comments.actions.counting import change_comment_state
from comments.actions.leasing import require_free
from comments.actions.moderating import (
    dismiss_reports,
    hide_comment,
    hold_comment,
    lock_for_decision,
    show_comment,
)
from comments.actions.queueing import last_decision, open_reported_item
from comments.errors import (
    AlreadyDecided,
    NoSuchComment,
    NotYourDecision,
    OutcomeMissing,
    TooLateToUndo,
    UnknownReason,
)
from comments.models import (
    Comment,
    Commenter,
    Decision,
    DecisionReason,
    ModerationItem,
    Report,
)
from comments.notifications.notify import retract_decision
from newsroom.errors import Refused

State = Comment.State
Kind = Decision.Kind
# The ten seconds of the screen, and the time that its request may take.
UNDO_WINDOW = timedelta(seconds=15)
MAX_BULK_DECISIONS = 1000
BULK_SECONDS = 20.0  # after which the rest is reported as not reached, to be sent again


@dataclass(frozen=True)
class Choice:
    """What a moderator decides; `reports` says what came of the reports of a comment that is hidden."""

    kind: Kind
    reason_code: str = ""
    reason: str = ""
    reports: str = ""


class BulkOutcome(StrEnum):
    """What became of one comment of many."""

    DECIDED = "decided"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True)
class BulkDecision:
    """The result for one comment of many; `refusal` says why there is no `decision`."""

    comment_id: int
    outcome: BulkOutcome
    decision: Decision | None = None
    refusal: Refused | None = None


@transaction.atomic
def decide_comment(
    comment: Comment, *, choice: Choice, by: User, version: int | None = None
) -> Decision:
    """Decide on a comment without a lease of a colleague. `show` and `keep` are one for what waits.

    Raises NotAllowed, OwnCommentDecision, CommentDeleted, AlreadyDecided, CommentChanged, Leased,
    OutcomeMissing if a reported comment is hidden without the outcome of its reports, UnknownReason.
    """
    locked = lock_for_decision(comment, by=by, version=version)
    require_free(locked, by)
    if choice.kind == Kind.HIDE:
        require_outcome(locked, choice)
        hide_comment(
            locked,
            by=by,
            reason=choice.reason,
            reason_code=choice.reason_code,
            reports=choice.reports,
        )
    elif choice.kind == Kind.HOLD:
        hold_comment(locked, by=by, reason=choice.reason)
    elif locked.state == State.VISIBLE:
        dismiss_reports(locked, by=by)
    elif choice.kind == Kind.KEEP and locked.state == State.HIDDEN:
        raise AlreadyDecided(last_decision(locked))
    else:
        show_comment(locked, by=by)
    return Decision.objects.filter(comment=locked).select_related("by").latest("pk")


def require_outcome(comment: Comment, choice: Choice) -> None:
    """Raise UnknownReason, and OutcomeMissing for a reported comment without an outcome."""
    offered = DecisionReason.objects.filter(is_offered=True, code=choice.reason_code)
    if choice.reason_code and not offered.exists():
        raise UnknownReason
    if not choice.reports and Report.objects.unsettled().filter(comment=comment).exists():
        raise OutcomeMissing


@transaction.atomic
def undo_decision(comment: Comment, *, by: User, version: int | None = None) -> Comment:
    """Undo one's own last decision on a comment within UNDO_WINDOW, while nothing else has happened to it.

    1. Lock the comment; find the decision that made its present version.
    2. Open its reports again; take back what it counted for the writer.
    3. Restore state and reason, and the item with its place in the queue.

    Raises NotAllowed, CommentDeleted, AlreadyDecided, CommentChanged, NotYourDecision, TooLateToUndo.
    """
    locked = lock_for_decision(comment, by=by, version=version)
    decision = last_decision(locked)
    if decision is None or decision.version != locked.version:
        raise TooLateToUndo
    if decision.by_id != by.pk:
        raise NotYourDecision
    recent = Decision.objects.filter(pk=decision.pk, decided_at__gt=Now() - UNDO_WINDOW)
    if not recent.update(undone_at=Now()):
        raise TooLateToUndo
    Report.objects.filter(settled_by=decision).update(settled_at=None, outcome="", settled_by=None)
    if decision.kind == Kind.SHOW and decision.former_state == State.HELD and locked.author_id:
        known = Commenter.objects.filter(reader=locked.author_id)
        known.update(approved=Greatest(F("approved") - 1, 0))
    restore_item(locked, decision)
    return locked


def restore_item(comment: Comment, decision: Decision) -> None:
    """Restore the state before an undone decision, and the item with the time since which it waited.

    The writer is no longer notified of the decision, nor of its undoing.
    """
    if decision.waiting_since:
        ModerationItem.objects.get_or_create(
            pk=comment.pk,
            defaults={
                "urgency": 0,
                "opened_at": decision.waiting_since,
                "is_flagged": decision.was_flagged,
            },
        )
    if decision.kind == Kind.KEEP:
        comment.version += 1
        comment.save(update_fields=["version"])
        record_audit(comment, verb="moderation_undone", by=decision.by, article=comment.article_id)
        open_reported_item(comment)
        return
    change_comment_state(
        comment,
        decision.former_state,
        verb="moderation_undone",
        by=decision.by,
        reason=decision.former_reason,
    )
    retract_decision(comment)


def decide_many(
    versions: Mapping[int, int | None],
    *,
    choice: Choice,
    by: User,
    seconds: float = BULK_SECONDS,
) -> list[BulkDecision]:
    """Decide alike on many comments, each in a transaction of its own and with its own refusals.

    What `seconds` do not suffice for is NOT_REACHED: nothing was done about it. Sent again, what is
    decided already is refused as such, so a run that broke off is finished by repeating it.
    """
    deadline = time.monotonic() + seconds
    rows = Comment.objects.in_bulk(list(versions))
    results = []
    for pk, version in versions.items():
        if time.monotonic() >= deadline:
            results.append(BulkDecision(pk, BulkOutcome.NOT_REACHED))
            continue
        try:
            if pk not in rows:
                raise NoSuchComment
            decision = decide_comment(rows[pk], choice=choice, by=by, version=version)
        except Refused as refusal:
            results.append(BulkDecision(pk, BulkOutcome.REFUSED, refusal=refusal))
        else:
            results.append(BulkDecision(pk, BulkOutcome.DECIDED, decision=decision))
    return results


def decide_branch(comment: Comment, *, choice: Choice, by: User) -> list[BulkDecision]:
    """Decide on the replies of a comment as on itself: those that readers read, or that wait."""
    open_states = [State.VISIBLE, State.HELD]
    replies = Comment.objects.filter(pk__in=reply_ids(comment), state__in=open_states)
    versions = dict(replies.order_by("pk").values_list("pk", "version")[:MAX_BULK_DECISIONS])
    return decide_many(versions, choice=choice, by=by)


def reply_ids(comment: Comment) -> set[int]:
    """The replies of a comment: all below a comment that starts a thread, else what answers it in turn."""
    if comment.parent_id is None:
        return set(comment.replies.order_by().values_list("pk", flat=True))
    found: set[int] = set()
    level: Iterable[int] = [comment.pk]
    while level:
        answers = Comment.objects.filter(parent=comment.parent_id, in_reply_to__in=level)
        level = set(answers.order_by().values_list("pk", flat=True)) - found
        found |= level
    return found
