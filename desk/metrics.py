"""How publication stands, in numbers for health and metrics. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from desk.models import Heartbeat, Notice, Release

# The clock notes its round every 5 seconds; a third of a minute without one means that it stands.
SCHEDULER_STALLED_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class PublicationMetrics:
    """`waiting`: releases without an outcome, `overdue` and `failed` among them; `overdue_seconds`: how
    late the oldest is; `clock_age_seconds`: since the clock's last round, None before the first."""

    waiting: int
    overdue: int
    overdue_seconds: float
    failed: int
    scheduler_age_seconds: float | None


def publication_metrics(now: datetime) -> PublicationMetrics:
    """Publication as it stands, in two queries whatever the number of releases."""
    is_due = Q(due_at__lte=now)
    found = Release.objects.waiting().aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=is_due),
        oldest=Min("due_at", filter=is_due),
        failed=Count("pk", filter=Q(state=Release.State.FAILED)),
    )
    age = scheduler_age(now)
    return PublicationMetrics(
        waiting=found["waiting"],
        overdue=found["overdue"],
        overdue_seconds=(now - (found["oldest"] or now)).total_seconds(),
        failed=found["failed"],
        scheduler_age_seconds=None if age is None else age.total_seconds(),
    )


@dataclass(frozen=True)
class NoticeMetrics:
    """`unmailed`: notices that the mail server did not take, tried again or given up; `oldest_seconds`:
    how long the oldest of those waits; `to_nobody`: of which no one hears who could act."""

    with_email_error: int
    oldest_seconds: float
    without_recipient: int


def notice_metrics(now: datetime) -> NoticeMetrics:
    """How people are told, in two queries."""
    unmailed = Notice.objects.with_email_error().aggregate(n=Count("pk"), oldest=Min("at"))
    oldest = unmailed["oldest"] or now
    lost = Notice.objects.without_recipient().count()
    return NoticeMetrics(unmailed["n"], max((now - oldest).total_seconds(), 0.0), lost)


def scheduler_age(now: datetime) -> timedelta | None:
    """How long ago the clock noted its last round; None before the first. A round noted in the future
    is one from before the time was set back, which the next round puts right."""
    beaten = Heartbeat.objects.filter(name="publish_due").values_list("at", flat=True).first()
    return None if beaten is None else abs(now - beaten)
