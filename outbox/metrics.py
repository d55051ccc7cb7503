"""How the outbox stands, in numbers for health and metrics. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Min, Q, When

from outbox.models import Delivery, Event, Subscriber


@dataclass(frozen=True)
class OutboxStatus:
    """`depth`: events not sorted and deliveries waiting; `lag_seconds`: how long the oldest of those
    waits that nothing but ourselves holds up; `given_up`, `failing`, `off`: for a person to look at."""

    depth: int
    lag_seconds: float
    given_up: int
    failing: int
    off: int


def measure_outbox(now: datetime) -> OutboxStatus:
    """The outbox as it stands, in four queries whatever its size.

    A subscriber that is away, off or resting makes `depth` grow, not `lag_seconds`: lag says that
    no courier of ours is working.
    """
    events = Event.objects.not_fanned_out().order_by().aggregate(n=Count("pk"), oldest=Min("at"))
    waiting = Delivery.objects.waiting().filter(subscriber__disabled_at__isnull=True)
    oldest = oldest_overdue_at(now)
    moments = [moment for moment in (events["oldest"], oldest) if moment]
    people = Subscriber.objects.aggregate(
        failing=Count("pk", filter=Q(failing_since__isnull=False, disabled_at__isnull=True)),
        off=Count("pk", filter=Q(disabled_at__isnull=False)),
        given_up=Count(
            "deliveries",
            filter=Q(deliveries__state=Delivery.State.DEAD, deliveries__dismissed_at__isnull=True),
        ),
    )
    return OutboxStatus(
        depth=events["n"] + waiting.count(),
        lag_seconds=max((now - min(moments, default=now)) / timedelta(seconds=1), 0.0),
        **people,
    )


def oldest_overdue_at(now: datetime) -> datetime | None:
    """Since when the oldest delivery is due to which nobody goes, though somebody could: since its
    event where the moment was written by a clock that was ahead."""
    free = Subscriber.objects.leasable(now).filter(failures=0)
    due = Delivery.objects.ready(now).filter(subscriber__in=free.values("pk"))
    since = Case(When(next_attempt_at__gt=now, then="event__at"), default="next_attempt_at")
    oldest: datetime | None = due.aggregate(oldest=Min(since))["oldest"]
    return oldest
