"""Statistics of moderation, computed from the audit log alone, by day or week of Korean time.

Definitions (docs/sanctions.md): a comment is *queued* when it comes to wait for a moderator, by whatever
cause; it is *shown* or *hidden* by a decision, or *left* as it is. The time to a decision runs
from when the comment came to wait. A decision is *overturned* if the next decision on the comment is the
opposite, of somebody else; a rule is overturned where the comment that it held is shown. What was undone
counts as if it had not been; what the classifier releases is decided by nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit.models import Entry
from comments.models import Comment

COMMENT = Comment._meta.label_lower
SHOWED, HID, LEFT, HOLDS, UNDONE = "showed", "hid", "kept", "held", "moderation_undone"
HELD_BY_REPORTS, CLASSIFIED = "held_by_reports", "classified"
DECISION_VERBS = (SHOWED, HID, LEFT)
APPROVING_VERBS = {SHOWED, LEFT}
# What can be undone, and the undoing: this undoes the one of them before it.
UNDOABLE_VERBS = (*DECISION_VERBS, HOLDS, UNDONE)
LOGGED_VERBS = (*DECISION_VERBS, "posted", HOLDS, HELD_BY_REPORTS, "edited", "block_ended")
# Rules of comments that no rule of the filter held.
ARTICLE_RULE, EDIT_RULE, MODERATOR_RULE, REPORTS_RULE = "article", "edit", "moderator", "reports"
MAX_DAYS = 92
DAY, WEEK = "day", "week"


@dataclass
class PeriodFigures:
    """The figures of a day or week; `decision_seconds` of the decisions on comments that waited."""

    posted: int = 0
    queued: int = 0
    shown: int = 0
    hidden: int = 0
    left: int = 0
    decision_seconds: list[float] = field(default_factory=list)

    @property
    def median_seconds(self) -> float | None:
        return median(self.decision_seconds) if self.decision_seconds else None


@dataclass
class DecisionFigures:
    """Decisions of a moderator, or on what a rule held; `overturned` of them."""

    decided: int = 0
    overturned: int = 0

    @property
    def rate(self) -> float | None:
        """Share of overturned decisions, 0 to 1; None without any."""
        return self.overturned / self.decided if self.decided else None


@dataclass
class ModerationStatistics:
    """Figures by period, by rule of the filter, and by moderator (account id)."""

    periods: dict[date, PeriodFigures] = field(default_factory=dict)
    rules: dict[str, DecisionFigures] = field(default_factory=dict)
    moderators: dict[int, DecisionFigures] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def moderation_statistics(first: date, last: date, *, by: str = DAY) -> ModerationStatistics:
    """The statistics of the days from `first` to `last`, both included. One query."""
    figures = ModerationStatistics()
    for day in days_between(first, last):
        figures.periods.setdefault(period_of(day, by), PeriodFigures())
    for entry in entries_between(midnight(first), midnight(last + timedelta(days=1))).iterator():
        period = figures.periods[period_of(timezone.localdate(entry.at), by)]
        count_entry(figures, period, entry)
    return figures


def count_entry(figures: ModerationStatistics, period: PeriodFigures, entry: Any) -> None:
    """Add one entry of the log, annotated by `entries_between`, to the figures."""
    if entry.verb == "posted":
        period.posted += 1
    if is_holding(entry.verb, entry.details):
        period.queued += 1
        if entry.settled_by_verb in {SHOWED, HID}:
            rule = figures.rules.setdefault(rule_of(entry), DecisionFigures())
            rule.decided += 1
            rule.overturned += entry.settled_by_verb == SHOWED
    if entry.verb not in DECISION_VERBS:
        return
    period.shown += entry.verb == SHOWED
    period.hidden += entry.verb == HID
    period.left += entry.verb == LEFT
    is_settled = entry.verb != LEFT
    if is_settled and entry.details.get("before") == Comment.State.HELD and entry.held_at:
        period.decision_seconds.append((entry.at - entry.held_at).total_seconds())
    if entry.by is not None:
        figures.names[entry.by] = entry.by_name
        decisions = figures.moderators.setdefault(entry.by, DecisionFigures())
        decisions.decided += 1
        decisions.overturned += (
            is_reversed(entry.verb, entry.next_verb) and entry.next_by != entry.by
        )


def is_reversed(verb: str, next_verb: str | None) -> bool:
    """Whether the next decision is the opposite: one approves of what the other hides."""
    return next_verb is not None and (verb in APPROVING_VERBS) != (next_verb in APPROVING_VERBS)


def entries_between(start: datetime, end: datetime) -> QuerySet[Any]:
    """The entries of the log about comments in this time, oldest first, with what the figures need.

    `next_verb` and `next_by`: the next decision on the comment; `settled_by_verb`: what ended the waiting;
    `held_at`: when it last came to wait. None of them was undone. The index of the log by time finds the
    entries, that by subject (`entries_of_a_thing`) the rest.
    """
    about = without_undone(Entry.objects.filter(kind=COMMENT, subject=OuterRef("subject")))
    after = about.filter(pk__gt=OuterRef("pk")).order_by("pk")
    later = after.filter(verb__in=DECISION_VERBS)
    settling = after.filter(SETTLING)
    holding = about.filter(HOLDING, pk__lt=OuterRef("pk")).order_by("-pk")
    rows = Entry.objects.filter(kind=COMMENT, at__gte=start, at__lt=end, verb__in=LOGGED_VERBS)
    annotated: QuerySet[Any] = without_undone(rows).annotate(
        next_verb=Subquery(later.values("verb")[:1]),
        next_by=Subquery(later.values("by")[:1]),
        settled_by_verb=Subquery(settling.values("verb")[:1]),
        held_at=Subquery(holding.values("at")[:1]),
    )
    return annotated.order_by("pk")


def without_undone(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Without decisions that were undone: the next of UNDOABLE_VERBS on their comment is the undoing."""
    later = Entry.objects.filter(
        kind=COMMENT,
        subject=OuterRef("subject"),
        pk__gt=OuterRef("pk"),
        verb__in=UNDOABLE_VERBS,
    )
    follower = Coalesce(Subquery(later.order_by("pk").values("verb")[:1]), Value(""))
    followed: QuerySet[Any] = entries.alias(follower=follower)
    return followed.exclude(verb__in=(*DECISION_VERBS, HOLDS), follower=UNDONE)


# The entries by which a comment comes to wait for a moderator: `is_holding`, for the database.
HOLDING = (
    Q(verb__in=[HOLDS, HELD_BY_REPORTS])
    | Q(verb__in=["posted", "block_ended"], details__state=Comment.State.HELD.value)
    | Q(
        verb="edited",
        details__state=Comment.State.HELD.value,
        details__before=Comment.State.VISIBLE.value,
    )
)
# The entries by which a comment no longer waits.
SETTLING = Q(verb__in=[SHOWED, HID]) | Q(
    verb=CLASSIFIED, details__state=Comment.State.VISIBLE.value
)


def is_holding(verb: str, details: dict[str, Any]) -> bool:
    """Whether a comment comes to wait for a moderator by this entry of the log."""
    if verb in {HOLDS, HELD_BY_REPORTS}:
        return True
    is_held = details.get("state") == Comment.State.HELD
    if verb == "edited":
        return is_held and details.get("before") == Comment.State.VISIBLE
    return is_held and verb in {"posted", "block_ended"}


def rule_of(entry: Any) -> str:
    """The rule that held a comment: that of the filter, or what else it was."""
    if rule := entry.details.get("rule"):
        return str(rule)
    rules = {"posted": ARTICLE_RULE, "edited": EDIT_RULE, HELD_BY_REPORTS: REPORTS_RULE}
    return rules.get(entry.verb, MODERATOR_RULE)


def period_of(day: date, by: str) -> date:
    """The first day of the period: the day itself, or the Monday of its week."""
    return day - timedelta(days=day.weekday()) if by == WEEK else day


def days_between(first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def midnight(day: date) -> datetime:
    """The beginning of a day in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def csv_rows(figures: ModerationStatistics) -> Iterable[list[str]]:
    """The figures by period as rows of a CSV file, with a heading."""
    yield ["from", "posted", "held", "shown", "hidden", "decided_waiting", "median_seconds", "kept"]
    for day, row in sorted(figures.periods.items()):
        seconds = row.median_seconds
        numbers = (row.posted, row.queued, row.shown, row.hidden, len(row.decision_seconds))
        median_seconds = "" if seconds is None else f"{seconds:.0f}"
        yield [str(day), *map(str, numbers), median_seconds, str(row.left)]
