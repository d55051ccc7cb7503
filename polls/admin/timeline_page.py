"""The timeline of a poll's votes as its page shows it: days, the hours of one, or the minutes of one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats, timezone
from django.utils.http import urlencode

from polls.forms import LOCAL_TIME
from polls.models import RULE_CHOICES, Vote
from polls.timeline import DAY, HOUR, MINUTE, RULES, VoteCount

MAX_BARS = 366
HOURS_SHOWN_UP_TO = timedelta(days=3)
BAR_WIDTH, CHART_HEIGHT = 10, 100  # in SVG units
State = Vote.State


@dataclass
class Bucket:
    """The votes of one step of time, and its bar: from below, each side's counted ones, held, voided."""

    at: datetime
    step: timedelta
    counted: int = 0
    pro: int = 0
    con: int = 0
    unsided: int = 0
    on_hold: int = 0
    void: int = 0
    bars: list[dict[str, Any]] = field(default_factory=list)

    @property
    def until(self) -> datetime:
        return self.at + self.step

    @property
    def total(self) -> int:
        return self.counted + self.on_hold + self.void

    @property
    def label(self) -> str:
        local = timezone.localtime(self.at)
        if self.step == DAY:
            return formats.date_format(local, "MONTH_DAY_FORMAT")
        return f"{local:%H:%M}"

    @property
    def full_label(self) -> str:
        local = timezone.localtime(self.at)
        day = formats.date_format(local, "MONTH_DAY_FORMAT")
        return day if self.step == DAY else f"{day} {local:%H:%M}"

    @property
    def zoom(self) -> str:
        """The query of the page with the steps of this one; empty for a minute."""
        local = timezone.localtime(self.at)
        if self.step == DAY:
            return urlencode({"day": f"{local:%Y-%m-%d}"})
        return urlencode({"hour": f"{local:%Y-%m-%dT%H}"}) if self.step == HOUR else ""

    @property
    def decision_query(self) -> str:
        """What fills the form of a decision on the votes of this time; empty for a minute, since decisions
        are on whole hours."""
        if self.step == MINUTE:
            return ""
        return urlencode({"decision": self.decision, **window(self.at, self.until)})

    @property
    def decision(self) -> str:
        return suggested_decision(self.counted, self.on_hold)

    def add(self, count: VoteCount) -> None:
        if count.state == State.COUNTED:
            self.counted += count.total
            self.pro += count.pro
            self.con += count.con
            self.unsided += count.unsided
        elif count.state == State.ON_HOLD:
            self.on_hold += count.total
        else:
            self.void += count.total


@dataclass
class RuleRow:
    """The votes of one class in the time that is shown."""

    rule: str
    label: Any
    counted: int = 0
    on_hold: int = 0
    void: int = 0
    query: str = ""


def window(since: datetime, until: datetime) -> dict[str, str]:
    return {
        name: timezone.localtime(at).strftime(LOCAL_TIME)
        for name, at in (("since", since), ("until", until))
    }


def suggested_decision(counted: int, on_hold: int) -> str:
    """What the form of a decision (polls/forms.py) begins with."""
    if on_hold:
        return "release"
    return "void" if counted else "reinstate"


def step_for(rows: list[VoteCount]) -> timedelta:
    """Hours where the votes are of few days, else days."""
    if rows and rows[-1].at - rows[0].at > HOURS_SHOWN_UP_TO:
        return DAY
    return HOUR


def start_of(at: datetime, step: timedelta) -> datetime:
    """The beginning, in the site's time zone, of the step with this time."""
    local = timezone.localtime(at).replace(second=0, microsecond=0)
    if step == MINUTE:
        return local
    return local.replace(minute=0) if step == HOUR else local.replace(hour=0, minute=0)


def buckets_of(
    rows: Iterable[VoteCount], step: timedelta, *, since: datetime | None
) -> list[Bucket]:
    """The steps from the first vote to the last one, those without votes too; of very many the latest.

    With `since`, the steps of the day or the hour that begins there.
    """
    found: dict[datetime, Bucket] = {}
    for row in rows:
        begin = start_of(row.at, step)
        found.setdefault(begin, Bucket(begin, step)).add(row)
    if not found:
        return []
    at, last = min(found), max(found)
    if since is not None:
        at, last = since, since + {HOUR: DAY, MINUTE: HOUR}[step] - step
    at = max(at, last - (MAX_BARS - 1) * step)
    buckets = []
    while at <= last:
        buckets.append(found.get(at) or Bucket(at, step))
        at += step
    draw_bars(buckets)
    return buckets


def draw_bars(buckets: list[Bucket]) -> None:
    """The rectangles of the chart, in units of its view box."""
    highest = max(bucket.total for bucket in buckets) or 1
    for number, bucket in enumerate(buckets):
        y = float(CHART_HEIGHT)
        counted = (("pro", bucket.pro), ("con", bucket.con), ("counted", bucket.unsided))
        for kind, votes in (*counted, ("held", bucket.on_hold), ("void", bucket.void)):
            height = CHART_HEIGHT * votes / highest
            y -= height
            if votes:
                bar = {"kind": kind, "x": number * BAR_WIDTH + 1, "y": round(y, 2)}
                bucket.bars.append(bar | {"height": round(height, 2)})


def rules_of(rows: Iterable[VoteCount], *, within: dict[str, str]) -> list[RuleRow]:
    """The votes by class, the largest first; `within` is the time that is shown, for decisions."""
    labels = dict(RULE_CHOICES)
    found = {rule: RuleRow(rule, labels[rule]) for rule in RULES}
    for row in rows:
        of_rule = found[row.rule]
        of_rule.counted += row.total if row.state == State.COUNTED else 0
        of_rule.on_hold += row.total if row.state == State.ON_HOLD else 0
        of_rule.void += row.total if row.state == State.VOID else 0
    shown = [row for row in found.values() if row.counted + row.on_hold + row.void]
    for line in shown:
        decision = suggested_decision(line.counted, line.on_hold)
        line.query = urlencode({"decision": decision, "rule": line.rule, **within})
    return sorted(shown, key=lambda row: -(row.counted + row.on_hold + row.void))


def parse_hour(text: str) -> datetime | None:
    """The beginning of an hour or a day as this page writes it into its addresses, in the site's time zone.

    None for anything else.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo or not 1900 <= at.year <= 2100:
        return None
    return timezone.make_aware(at.replace(minute=0, second=0, microsecond=0))
