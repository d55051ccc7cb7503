"""Metrics of publication and notices, for `/metrics`, `/health/ready` and the dashboard. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from desk.models import Heartbeat, Notice, Release

# The scheduler records a heartbeat every 5 seconds.
SCHEDULER_STALLED_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class PublicationMetrics:
    """`waiting`: releases without an outcome, `overdue` and `failed` among them; `overdue_seconds`: how
    late the oldest is; `scheduler_age_seconds`: since the scheduler's last pass, None before the first."""

    waiting: int
    overdue: int
    overdue_seconds: float
    failed: int
    scheduler_age_seconds: float | None


def publication_metrics(now: datetime) -> PublicationMetrics:
    """The metrics of publication, in two queries."""
    is_due = Q(due_at__lte=now, held_at__isnull=True)
    counts = Release.objects.waiting().aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=is_due),
        oldest=Min("due_at", filter=is_due),
        failed=Count("pk", filter=Q(state=Release.State.FAILED)),
    )
    age = scheduler_age(now)
    return PublicationMetrics(
        waiting=counts["waiting"],
        overdue=counts["overdue"],
        overdue_seconds=(now - (counts["oldest"] or now)).total_seconds(),
        failed=counts["failed"],
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
    """The metrics of notices, in two queries."""
    unmailed = Notice.objects.with_email_error().aggregate(n=Count("pk"), oldest=Min("at"))
    oldest = unmailed["oldest"] or now
    lost = Notice.objects.without_recipient().count()
    return NoticeMetrics(unmailed["n"], max((now - oldest).total_seconds(), 0.0), lost)


def scheduler_age(now: datetime) -> timedelta | None:
    """Time since the scheduler's last pass; None before the first. A heartbeat in the future is from before
    the clock was set back; the next pass replaces it."""
    last_pass = Heartbeat.objects.filter(name="publish_due").values_list("at", flat=True).first()
    return None if last_pass is None else abs(now - last_pass)
