"""Metrics of the outbox, for the health endpoint and Prometheus. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Min, Q, When

from outbox.models import Delivery, Event, Subscriber


@dataclass(frozen=True)
class OutboxStatus:
    """The outbox in numbers.

    `depth`: events not fanned out and deliveries waiting; `lag_seconds`: how long the oldest of them waits
    for the worker alone; `given_up`: deliveries; `failing`, `off`: subscribers for a person to look at.
    """

    depth: int
    lag_seconds: float
    given_up: int
    failing: int
    off: int


def measure_outbox(now: datetime) -> OutboxStatus:
    """Measure the outbox with four queries, whatever its size.

    An unavailable, disabled or paused subscriber adds to `depth`, not to `lag_seconds`: lag means that the
    worker does not run or is overloaded.
    """
    events = Event.objects.not_fanned_out().order_by().aggregate(n=Count("pk"), oldest=Min("at"))
    waiting = Delivery.objects.waiting().filter(subscriber__disabled_at__isnull=True)
    oldest = oldest_overdue_at(now)
    waiting_since = [at for at in (events["oldest"], oldest) if at]
    counts = Subscriber.objects.aggregate(
        failing=Count("pk", filter=Q(failing_since__isnull=False, disabled_at__isnull=True)),
        off=Count("pk", filter=Q(disabled_at__isnull=False)),
        given_up=Count(
            "deliveries",
            filter=Q(deliveries__state=Delivery.State.DEAD, deliveries__dismissed_at__isnull=True),
        ),
    )
    return OutboxStatus(
        depth=events["n"] + waiting.count(),
        lag_seconds=max((now - min(waiting_since, default=now)) / timedelta(seconds=1), 0.0),
        **counts,
    )


def oldest_overdue_at(now: datetime) -> datetime | None:
    """Since when the oldest delivery is due that the worker could deliver: to a healthy subscriber without
    lease. Since its event, where the due time is from a clock that was ahead."""
    leasable = Subscriber.objects.leasable(now).filter(failures=0)
    due = Delivery.objects.ready(now).filter(subscriber__in=leasable.values("pk"))
    since = Case(When(next_attempt_at__gt=now, then="event__at"), default="next_attempt_at")
    oldest: datetime | None = due.aggregate(oldest=Min(since))["oldest"]
    return oldest
