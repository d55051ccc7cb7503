"""The clock's pulse, so that a stopped clock can be seen."""

from datetime import timedelta

from django.db import transaction

from desk.actions.locking import wait_no_longer
from desk.models import Pulse
from newsroom.db.database_clock import database_now

# More than clocks of two machines differ that follow one time server.
SET_BACK_AFTER = timedelta(seconds=10)


@transaction.atomic
def beat(name: str, *, every: timedelta) -> None:
    """Note that a round was made; at most one write in `every`, whoever runs it."""
    now = database_now()
    pulse = Pulse.objects.filter(name=name).first()
    if pulse is None:
        Pulse.objects.update_or_create(name=name, defaults={"at": now})
    elif pulse.at <= now - every or pulse.at > now:
        Pulse.objects.filter(name=name).update(at=now)


@transaction.atomic
def probe_writes() -> None:
    """Write to the database, whether or not anything is to be written. Raises DatabaseError where it
    takes nothing."""
    wait_no_longer()
    beat("write_probe", every=timedelta(0))


def was_set_back(name: str) -> bool:
    """Whether the last round was made at a time still to come: the clock was set back since."""
    return Pulse.objects.filter(name=name, at__gt=database_now() + SET_BACK_AFTER).exists()
