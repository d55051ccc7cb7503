"""Decisions on votes: count, hold or void all votes of a class, and undo that.

There is none on a single vote: nobody can tell whose it is (polls/voter_key.py).
"""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from audit.actions import record_audit
from newsroom.db.expressions import database_now
from newsroom.errors import require
from polls.actions.closing import publish_poll_changed
from polls.actions.locking import lock_poll
from polls.actions.tallies import add_to_tally
from polls.errors import (
    AlreadyUndone,
    DecidedMeanwhile,
    NoDecisionReason,
    NothingToDecide,
    NotWholeHours,
)
from polls.models import NO_RULE, Poll, Vote, VoteDecision
from polls.permissions import may_void_votes

State = Vote.State
# The audit verb of a change to each state.
VERBS = {State.COUNTED: "released", State.VOID: "voided", State.ON_HOLD: "held"}


@dataclass(frozen=True)
class VoteClass:
    """Votes of one state, of a rule that held them (`NO_RULE`: of none; empty: of any), cast in a time
    (`since` inclusive, `until` not)."""

    state: str
    rule: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def of(self, poll: Poll) -> QuerySet[Vote]:
        votes = Vote.objects.filter(poll=poll, state=self.state)
        if self.rule:
            votes = votes.filter(rule="" if self.rule == NO_RULE else self.rule)
        # By the hour, which the index has, and within it by the time.
        if self.since:
            hour = self.since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            votes = votes.filter(cast_hour__gte=hour, cast_at__gte=self.since)
        if self.until:
            votes = votes.filter(cast_hour__lte=self.until, cast_at__lt=self.until)
        return votes


@transaction.atomic
def decide_votes(
    poll: Poll, *, votes: VoteClass, to: str, reason: str, by: Any, version: int | None = None
) -> VoteDecision:
    """Count, hold or void all votes of a class; can be undone. New votes of this poll wait meanwhile.

    Raises NotAllowed, NoDecisionReason, NotWholeHours, NothingToDecide; DecidedMeanwhile unless
    the poll has `version`.
    """
    require(may_void_votes(by))
    if not (is_whole_hour(votes.since) and is_whole_hour(votes.until)):
        raise NotWholeHours
    if not reason.strip():
        raise NoDecisionReason
    poll = lock_for_decision(poll.pk, version=version)
    chosen = votes.of(poll)
    counts = count_by_side(chosen)
    if to == votes.state or not counts:
        raise NothingToDecide
    made = VoteDecision(
        poll=poll,
        from_state=votes.state,
        to_state=to,
        rule=votes.rule,
        since=votes.since,
        until=votes.until,
        reason=reason.strip(),
        count=sum(counts.values()),
        by=by,
        made_at=database_now(),
    )
    decision = apply_decision(made, chosen)
    move_in_tally(poll, counts, from_state=votes.state, to_state=to)
    publish_poll_changed(poll)
    raise_version(poll)
    record_decision(decision, verb=f"votes_{VERBS[State(to)]}", by=by, reason=decision.reason)
    return decision


def is_whole_hour(at: datetime | None) -> bool:
    """Whether a time is none or an hour of the site's time zone, as the timeline has them."""
    local = timezone.localtime(at) if at else None
    return local is None or (local.minute, local.second, local.microsecond) == (0, 0, 0)


def lock_for_decision(poll_id: int, *, version: int | None) -> Poll:
    """Lock a poll for a decision made on what this version showed; None: on any."""
    poll = lock_poll(poll_id)
    if version not in {None, poll.version}:
        raise DecidedMeanwhile
    return poll


def raise_version(poll: Poll) -> None:
    """Note that its votes were decided on. The caller has locked the poll."""
    poll.version += 1
    poll.save(update_fields=["version"])


def apply_decision(made: VoteDecision, chosen: QuerySet[Vote]) -> VoteDecision:
    """Save a decision and apply it to the chosen votes: in parts, by the decisions that they had."""
    by_previous = chosen.order_by().values_list("decision").annotate(n=Count("pk"))
    made.save()
    for number, (previous, count) in enumerate(list(by_previous)):
        part = made
        if number:
            part = copy(made)
            part.pk, part.part_of, part.count = None, made, count
        part.previous_id = previous
        part.save()
        chosen.filter(decision=previous).update(state=part.to_state, decision=part)
    return made


@transaction.atomic
def undo_last_decision(poll: Poll, *, by: Any, version: int | None = None) -> int:
    """Undo the last decision on a poll's votes that is not undone; returns how many votes that is.

    Raises NotAllowed, NothingToDecide; DecidedMeanwhile unless the poll has `version`.
    """
    require(may_void_votes(by))
    lock_for_decision(poll.pk, version=version)
    undoable = VoteDecision.objects.filter(poll=poll, part_of=None, undone_at=None)
    last = undoable.order_by("-pk").first()
    if last is None:
        raise NothingToDecide
    return undo_decision(last, by=by)


@transaction.atomic
def undo_decision(decision: VoteDecision, *, by: Any) -> int:
    """Give the votes of a decision back their former state, but those changed since; returns how many.

    Raises NotAllowed, AlreadyUndone.
    """
    require(may_void_votes(by))
    poll = lock_poll(decision.poll_id)
    decision = VoteDecision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at is not None:
        raise AlreadyUndone
    now = database_now()
    undone = 0
    for part in (decision, *decision.parts.order_by("pk")):
        undone += undo_part(poll, part)
        part.undone_at = now
        part.save(update_fields=["undone_at"])
    publish_poll_changed(poll)
    raise_version(poll)
    record_decision(decision, verb="votes_undone", by=by, reason=decision.reason, count=undone)
    return undone


def undo_part(poll: Poll, part: VoteDecision) -> int:
    """Give the votes of a part their former state and decision; returns how many.

    A former decision that was undone meanwhile is passed over. A vote taken back while held is deleted, or
    void as before: nothing holds its voter's next one any more.
    """
    state, previous, since = part.from_state, part.previous, part.made_at
    while previous is not None and previous.undone_at and previous.undone_at >= since:
        state, since, previous = previous.from_state, previous.made_at, previous.previous
    chosen = Vote.objects.filter(decision=part, state=part.to_state)
    counts = count_by_side(chosen)
    chosen.update(state=state, decision=previous)
    move_in_tally(poll, counts, from_state=part.to_state, to_state=state)
    revoked = Vote.objects.filter(decision=part, state=State.REVOKED)
    if state == State.VOID:
        revoked.update(state=state, decision=previous)
    else:
        revoked.delete()
    return sum(counts.values())


def count_by_side(votes: QuerySet[Vote]) -> dict[str, int]:
    """{"pro": 3}: the votes by side, without a side that has none."""
    return dict(votes.order_by().values("side").annotate(n=Count("pk")).values_list("side", "n"))


def move_in_tally(poll: Poll, counts: dict[str, int], *, from_state: str, to_state: str) -> None:
    sign = (to_state == State.COUNTED) - (from_state == State.COUNTED)
    add_to_tally(poll.pk, **{side: sign * n for side, n in counts.items()})


def record_decision(
    decision: VoteDecision, *, verb: str, by: Any, reason: str, count: int | None = None
) -> None:
    times = {"since": decision.since, "until": decision.until}
    record_audit(
        decision.poll,
        verb=verb,
        by=by,
        reason=reason,
        code=decision.rule,
        count=decision.count if count is None else count,
        **{name: time.isoformat() for name, time in times.items() if time},
    )
