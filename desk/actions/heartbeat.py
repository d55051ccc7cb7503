"""The clock's pulse, so that a stopped clock can be seen."""

from datetime import timedelta

from django.db import transaction

from desk.actions.locking import limit_lock_wait
from desk.models import Heartbeat
from newsroom.db.expressions import database_now

# More than clocks of two machines differ that follow one time server.
CLOCK_SET_BACK_TOLERANCE = timedelta(seconds=10)


@transaction.atomic
def record_heartbeat(name: str, *, min_interval: timedelta) -> None:
    """Note that a round was made; at most one write in `every`, whoever runs it."""
    now = database_now()
    pulse = Heartbeat.objects.filter(name=name).first()
    if pulse is None:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now})
    elif pulse.at <= now - min_interval or pulse.at > now:
        Heartbeat.objects.filter(name=name).update(at=now)


@transaction.atomic
def probe_database_writes() -> None:
    """Write to the database, whether or not anything is to be written. Raises DatabaseError where it
    takes nothing."""
    limit_lock_wait()
    record_heartbeat("write_probe", min_interval=timedelta(0))


def is_clock_set_back(name: str) -> bool:
    """Whether the last round was made at a time still to come: the clock was set back since."""
    return Heartbeat.objects.filter(
        name=name, at__gt=database_now() + CLOCK_SET_BACK_TOLERANCE
    ).exists()
