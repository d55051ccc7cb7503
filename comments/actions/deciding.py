"""Decisions in the moderation queue: one, many, a branch, and their undoing.

A decision takes effect at once. Undoing it within UNDO_WINDOW is an action of its own, with its own audit
entry, which restores the state, the count, the reports and the item as they were.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Now

from accounts.models import User
from audit.actions import record_audit
from comments.actions.classifying import classify_again
from comments.actions.counting import change_comment_state
from comments.actions.moderating import (
    dismiss_reports,
    hide_comment,
    hold_comment,
    lock_for_decision,
    show_comment,
)
from comments.actions.pinning import has_room_for_pin
from comments.actions.queueing import last_decision, open_reported_item
from comments.errors import (
    AlreadyDecided,
    NoSuchComment,
    NotYourDecision,
    OnlyForHiding,
    OutcomeMissing,
    TooLateToUndo,
    UnknownReason,
)
from comments.models import (
    Appeal,
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
BRANCH_SECONDS = 4.0  # so that the comment above can be undone when the answer has come


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
    OutcomeMissing if a reported comment is hidden without the outcome of its reports, UnknownReason,
    OnlyForHiding.
    """
    require_applicable(choice)
    locked = lock_for_decision(comment, by=by, version=version)
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
        dismiss_reports(locked, by=by, reason=choice.reason)
    elif choice.kind == Kind.KEEP and locked.state == State.HIDDEN:
        raise AlreadyDecided(last_decision(locked))
    else:
        show_comment(locked, by=by, reason=choice.reason)
    return Decision.objects.filter(comment=locked).select_related("by").latest("pk")


def require_applicable(choice: Choice) -> None:
    """Raise OnlyForHiding if another decision has a reason code or an outcome of reports."""
    if choice.kind != Kind.HIDE and (choice.reason_code or choice.reports):
        raise OnlyForHiding


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
    3. Restore state, reason and pin, and the item with its place in the queue.

    Raises NotAllowed, CommentDeleted, AlreadyDecided, CommentChanged, NotYourDecision, TooLateToUndo.
    """
    locked = lock_for_decision(comment, by=by, version=version)
    decision = last_decision(locked)
    if decision is None or decision.version != locked.version:
        raise TooLateToUndo
    if decision.by_id != by.pk:
        raise NotYourDecision
    answered = Appeal.objects.filter(comment=locked, state=Appeal.State.GRANTED)
    if answered.filter(answered_at__gte=decision.decided_at).exists():
        raise TooLateToUndo  # it has been answered to the reader
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
    if decision.former_state == State.HELD:  # by reports, which have taken the pin
        waiting = ModerationItem.objects.filter(pk=comment.pk)
        waiting.update(former_pinned_at=decision.former_pinned_at)
    if decision.kind == Kind.KEEP:
        comment.version += 1
        comment.save(update_fields=["version"])
        record_audit(comment, verb="moderation_undone", by=decision.by, article=comment.article_id)
        open_reported_item(comment)
        return
    columns: dict[str, Any] = {"reason": decision.former_reason}
    is_restored = decision.former_state == State.VISIBLE and decision.former_pinned_at is not None
    if is_restored and has_room_for_pin(comment):
        columns["pinned_at"] = decision.former_pinned_at
    change_comment_state(
        comment, decision.former_state, verb="moderation_undone", by=decision.by, **columns
    )
    retract_decision(comment)
    if comment.state == State.HELD:
        classify_again(comment, decided_version=decision.version)


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
    require_applicable(choice)
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


def decide_with_branch(
    comment: Comment, *, choice: Choice, by: User, version: int | None = None
) -> tuple[Decision, list[BulkDecision]]:
    """Decide on a comment and then on its replies.

    Sent again it goes on with the replies that are left: that the comment itself is so decided, by the
    same moderator, is no refusal then.  Raises as `decide_comment` does.
    """
    try:
        decision = decide_comment(comment, choice=choice, by=by, version=version)
    except AlreadyDecided:
        former = last_decision(comment)
        if former is None or former.by_id != by.pk or not is_alike(former, choice):
            raise
        decision = former
    return decision, decide_branch(comment, choice=choice, by=by)


def is_alike(decision: Decision, choice: Choice) -> bool:
    """Whether a decision has led to what the choice leads to."""
    showing = {Kind.SHOW, Kind.KEEP}
    return decision.kind == choice.kind or {Kind(decision.kind), choice.kind} <= showing


def decide_branch(
    comment: Comment, *, choice: Choice, by: User, seconds: float = BRANCH_SECONDS
) -> list[BulkDecision]:
    """Decide on the replies of a comment as on itself: those that are not so decided yet.

    Those beyond MAX_BULK_DECISIONS are NOT_REACHED; as many of them are listed again.
    """
    replies = replies_below(comment).filter(undecided(choice)).order_by("pk")
    versions = dict(replies.values_list("pk", "version")[: 2 * MAX_BULK_DECISIONS])
    ids = list(versions)
    reached = {pk: versions[pk] for pk in ids[:MAX_BULK_DECISIONS]}
    rest = [BulkDecision(pk, BulkOutcome.NOT_REACHED) for pk in ids[MAX_BULK_DECISIONS:]]
    return [*decide_many(reached, choice=choice, by=by, seconds=seconds), *rest]


def undecided(choice: Choice) -> Q:
    """The condition that a comment is not yet as the choice would leave it."""
    if choice.kind == Kind.HIDE:
        return Q(state__in=[State.VISIBLE, State.HELD])
    if choice.kind == Kind.HOLD:
        return Q(state=State.VISIBLE)
    return Q(state=State.HELD) | Q(state=State.VISIBLE, moderation_item__isnull=False)


def replies_below(comment: Comment) -> QuerySet[Comment]:
    """The replies of a comment: all below one that starts a thread, else what answers it in turn."""
    if comment.parent_id is None:
        return Comment.objects.filter(parent=comment.pk)
    found: set[int] = set()
    level: Iterable[int] = [comment.pk]
    while level:
        answers = Comment.objects.filter(parent=comment.parent_id, in_reply_to__in=level)
        level = set(answers.order_by().values_list("pk", flat=True)) - found
        found |= level
    return Comment.objects.filter(pk__in=found)
