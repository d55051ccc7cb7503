"""Heartbeat: when periodic work last ran, so that a scheduler that has stopped can be detected."""

from datetime import timedelta

from django.db import transaction

from desk.actions.locking import limit_lock_wait
from desk.models import Heartbeat
from newsroom.db.expressions import database_now

# More than the clocks of two machines differ that follow one time server.
CLOCK_SET_BACK_TOLERANCE = timedelta(seconds=10)


@transaction.atomic
def record_heartbeat(name: str, *, min_interval: timedelta) -> None:
    """Record that the work of this name has run, with at most one write in `min_interval`."""
    now = database_now()
    heartbeat = Heartbeat.objects.filter(name=name).first()
    if heartbeat is None:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now})
    elif heartbeat.at <= now - min_interval or heartbeat.at > now:
        Heartbeat.objects.filter(name=name).update(at=now)


@transaction.atomic
def probe_database_writes() -> None:
    """Write one row to the database. Raises DatabaseError where it accepts no writes."""
    limit_lock_wait()
    record_heartbeat("write_probe", min_interval=timedelta(0))


def is_clock_set_back(name: str) -> bool:
    """Whether the system clock was set back: the last heartbeat is in the future."""
    future = database_now() + CLOCK_SET_BACK_TOLERANCE
    return Heartbeat.objects.filter(name=name, at__gt=future).exists()
