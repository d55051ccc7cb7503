"""Readiness checks: the database, storage, the broker, the clock, and what should be out."""

import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from desk.actions import probe_database_writes
from desk.metrics import SCHEDULER_STALLED_AFTER, scheduler_age
from desk.models import Notice, Release
from desk.nightly_backup import backup_state
from newsroom.db.database_clock import database_now
from newsroom.http.backend_errors import FailureKind, backend_failure_of, failure_reporter
from newsroom.observability.storage_probe import storage_probe
from outbox.metrics import measure_outbox

MAX_RELEASE_DELAY = timedelta(seconds=30)
MAX_OUTBOX_LAG_SECONDS = 60.0  # seconds that the outbox may be behind by our own fault
# After a start the clock may not have made its first round, nor what was due meanwhile gone out.
STARTUP_GRACE_SECONDS = 30.0
BROKER_TIMEOUT_SECONDS = 1.0  # seconds to wait for a broker
STARTED = time.monotonic()
STORAGE_FULL_REPORTED_SECONDS = 10.0
WRITE_PROBE_INTERVAL_SECONDS = 2.0


@dataclass(frozen=True)
class Check:
    """One look: whether it is well, and a figure or a word, never a word of a story."""

    well: bool
    told: str | int | float | None = None


class LastWrite:
    """When this process last saw that the database takes writes: anybody may ask, writing is rare."""

    def __init__(self) -> None:
        self.at = float("-inf")

    def is_fresh(self) -> bool:
        return time.monotonic() - self.at < WRITE_PROBE_INTERVAL_SECONDS

    def note(self) -> None:
        self.at = time.monotonic()


last_write = LastWrite()


def check_readiness() -> dict[str, Check]:
    """Every check by its name."""
    grace = time.monotonic() - STARTED < STARTUP_GRACE_SECONDS
    checks = {"broker": broker(), "storage": storage()}
    try:
        now = database_now()
        checks |= {"clock": clock(now, grace=grace), "overdue": overdue(now, grace=grace)}
        checks |= {"failed": failed(), "notices": notices(), "outbox": telling(now, grace=grace)}
        if (backup := backup_state(now)) is not None:
            checks |= {"backup": Check(backup.is_well, rounded(backup.age_seconds))}
        checks |= {"database": database()}
    except DatabaseError:
        checks |= {"database": Check(False, "no answer")}
    return checks


def rounded(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def database() -> Check:
    """Whether the database takes writes, once it has answered; a standby or a full disk does not."""
    try:
        if connection.vendor == "postgresql" and not last_write.is_fresh():
            probe_database_writes()
            last_write.note()
    except DatabaseError as error:
        cause = backend_failure_of(error)
        return Check(False, cause.failure.code if cause else "not writable")
    return Check(True)


def storage() -> Check:
    """Whether the data folders can be written, and no request has met a full disk lately."""
    if why := storage_probe.write_error():
        return Check(False, why)
    met = failure_reporter.seconds_since(FailureKind.STORAGE_FULL) < STORAGE_FULL_REPORTED_SECONDS
    return Check(not met, "full" if met else None)


def clock(now: datetime, *, grace: bool) -> Check:
    """Seconds since the clock's last round; null before the first."""
    age = scheduler_age(now)
    if age is None:
        return Check(grace)
    return Check(grace or age <= SCHEDULER_STALLED_AFTER, round(age.total_seconds()))


def overdue(now: datetime, *, grace: bool) -> Check:
    """Seconds that the oldest waiting release is late; 0 where none is."""
    due = Release.objects.waiting().filter(due_at__lte=now).order_by("due_at")
    oldest = due.values_list("due_at", flat=True).first()
    late = now - oldest if oldest else timedelta()
    return Check(grace or late <= MAX_RELEASE_DELAY, round(late.total_seconds()))


def failed() -> Check:
    """How many releases could not go out and are being tried again."""
    number = Release.objects.filter(state=Release.State.FAILED).count()
    return Check(number == 0, number)


def notices() -> Check:
    """Of how many things nobody hears who could do something about them."""
    number = Notice.objects.without_recipient().count()
    return Check(number == 0, number)


def telling(now: datetime, *, grace: bool) -> Check:
    """Seconds that the world has waited to hear of something while nothing but ourselves held it up."""
    lag = measure_outbox(now).lag_seconds
    return Check(grace or lag <= MAX_OUTBOX_LAG_SECONDS, round(lag))


def broker() -> Check:
    """Whether messages can be left for the workers. The embedded broker is in the worker, whose ticks
    the check of the scheduler counts."""
    return redis_answers() if settings.REDIS_URL else Check(True)


def redis_answers() -> Check:
    try:
        with Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
            socket_timeout=BROKER_TIMEOUT_SECONDS,
        ) as door:
            door.ping()
    except (RedisError, OSError, ValueError):
        return Check(False, "no answer")
    return Check(True)


def detailed_report(checks: dict[str, Check]) -> dict[str, object]:
    """Every check whole."""
    return {name: asdict(check) for name, check in checks.items()}


def public_report(checks: dict[str, Check]) -> dict[str, object]:
    """Of every check only whether it is well: how much fails here is nobody's business."""
    return {name: {"well": check.well} for name, check in checks.items()}
