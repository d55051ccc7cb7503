"""Timeline of a poll's votes: how many by hour, rule and state, for the newsroom. Names no voter.

The class of a vote is the rule that held it, or none (`NO_RULE`): what is known of where it came from
without an address. From within an hour, and where an hour has few, votes are shown without their sides:
who knows when somebody voted must not learn what.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    F,
    Q,
    Sum,
    Value,
)

from newsroom.db.expressions import MinuteOf
from polls.models import NO_RULE, RULE_CHOICES, Tally, Vote

TALLY = "tally"  # in place of a state: the kept tally
RULES = [NO_RULE, *(rule for rule, _label in RULE_CHOICES if rule != NO_RULE)]
STATES = [Vote.State.COUNTED.value, Vote.State.ON_HOLD.value, Vote.State.VOID.value]
# Fewer votes of one hour, rule and state are shown without their sides.
MIN_VOTES_WITH_SIDES = 5
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class VoteCount:
    """Votes of one rule and state cast since a time, within the step of its timeline; `unsided` are those
    whose side is not shown."""

    at: datetime
    rule: str
    state: str
    pro: int
    con: int
    unsided: int = 0

    @property
    def total(self) -> int:
        return self.pro + self.con + self.unsided

    def without_sides(self) -> "VoteCount":
        return VoteCount(self.at, self.rule, self.state, 0, 0, self.total)


@dataclass(frozen=True)
class Timeline:
    """The votes of a poll by hour, and its kept tally; all from one snapshot."""

    rows: list[VoteCount]
    tally: dict[str, int]

    def shown_rows(self) -> list[VoteCount]:
        """The rows, those of few votes without their sides.

        In each state that hides MIN_VOTES_WITH_SIDES votes or more, or none: else the totals less the other
        rows would say what is hidden.
        """
        hidden = set[VoteCount]()
        for state in STATES:
            hidden |= rows_to_hide([row for row in self.rows if row.state == state])
        return [row.without_sides() if row in hidden else row for row in self.rows]

    def totals(self) -> dict[str, dict[str, int]]:
        """{state: {"pro": n, "con": n}} of all votes."""
        totals = {state: {"pro": 0, "con": 0} for state in STATES}
        for row in self.rows:
            totals[row.state]["pro"] += row.pro
            totals[row.state]["con"] += row.con
        return totals


def read_timeline(poll_id: int) -> Timeline:
    """The votes by hour with the kept tally. One statement, so one snapshot; it reads an index alone.

    Votes that were taken back are left out.
    """
    votes = (
        Vote.objects.filter(poll=poll_id)
        .order_by()
        .values_list("cast_hour", "rule", "state")
        .annotate(
            pro_votes=Count("side", filter=Q(side="pro")),
            con_votes=Count("side", filter=Q(side="con")),
        )
    )
    tallies = (
        Tally.objects.filter(poll=poll_id)
        .order_by()
        .values_list(
            Value(None, DateTimeField()),
            Value("", CharField()),
            Value(TALLY, CharField()),
        )
        .annotate(
            pro_votes=Sum("pro", output_field=BigIntegerField()),
            con_votes=Sum("con", output_field=BigIntegerField()),
        )
    )
    rows: list[VoteCount] = []
    tally = {"pro": 0, "con": 0}
    for at, rule, state, pro, con in votes.union(tallies, all=True):
        if state == TALLY:
            tally = {"pro": int(pro or 0), "con": int(con or 0)}
        elif state in STATES:
            rows.append(VoteCount(at, rule or NO_RULE, state, pro, con))
    return Timeline(sorted(rows, key=sort_key), tally)


def read_minutes(poll_id: int, *, hour: datetime) -> list[VoteCount]:
    """The votes of one hour by minute, without their sides."""
    votes = (
        Vote.objects.filter(poll=poll_id, cast_hour=hour, state__in=STATES)
        .order_by()
        .annotate(minute=MinuteOf(F("cast_at"), output_field=DateTimeField()))
        .values_list("minute", "rule", "state")
        .annotate(n=Count("*"))
    )
    counts = [VoteCount(at, rule or NO_RULE, state, 0, 0, n) for at, rule, state, n in votes]
    return sorted(counts, key=sort_key)


def rows_to_hide(rows: list[VoteCount]) -> set[VoteCount]:
    """Of the rows of one state, the smallest: each with few votes, and more until these are not few."""
    hidden = set[VoteCount]()
    votes = 0
    for row in sorted(rows, key=lambda row: row.total):
        if row.total >= MIN_VOTES_WITH_SIDES and (not hidden or votes >= MIN_VOTES_WITH_SIDES):
            break
        hidden.add(row)
        votes += row.total
    return hidden


def sort_key(count: VoteCount) -> tuple[datetime, int, int]:
    return count.at, RULES.index(count.rule), STATES.index(count.state)
