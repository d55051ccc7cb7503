"""How publication stands, in numbers for health and metrics. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from desk.models import Notice, Pulse, Release

# The clock notes its round every 5 seconds; a third of a minute without one means that it stands.
CLOCK_STANDS_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class Publication:
    """`waiting`: releases without an outcome, `overdue` and `failed` among them; `overdue_seconds`: how
    late the oldest is; `clock_age_seconds`: since the clock's last round, None before the first."""

    waiting: int
    overdue: int
    overdue_seconds: float
    failed: int
    clock_age_seconds: float | None


def publication(now: datetime) -> Publication:
    """Publication as it stands, in two queries whatever the number of releases."""
    is_due = Q(due_at__lte=now)
    found = Release.objects.waiting().aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=is_due),
        oldest=Min("due_at", filter=is_due),
        failed=Count("pk", filter=Q(state=Release.State.FAILED)),
    )
    age = clock_age(now)
    return Publication(
        waiting=found["waiting"],
        overdue=found["overdue"],
        overdue_seconds=(now - (found["oldest"] or now)).total_seconds(),
        failed=found["failed"],
        clock_age_seconds=None if age is None else age.total_seconds(),
    )


@dataclass(frozen=True)
class Letters:
    """`unmailed`: notices that the mail server did not take, tried again or given up; `oldest_seconds`:
    how long the oldest of those waits; `to_nobody`: of which no one hears who could act."""

    unmailed: int
    oldest_seconds: float
    to_nobody: int


def letters(now: datetime) -> Letters:
    """How people are told, in two queries."""
    unmailed = Notice.objects.unmailed().aggregate(n=Count("pk"), oldest=Min("at"))
    oldest = unmailed["oldest"] or now
    lost = Notice.objects.to_nobody().count()
    return Letters(unmailed["n"], max((now - oldest).total_seconds(), 0.0), lost)


def clock_age(now: datetime) -> timedelta | None:
    """How long ago the clock noted its last round; None before the first. A round noted in the future
    is one from before the time was set back, which the next round puts right."""
    beaten = Pulse.objects.filter(name="publish_due").values_list("at", flat=True).first()
    return None if beaten is None else abs(now - beaten)
