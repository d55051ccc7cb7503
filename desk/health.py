"""Readiness checks (`/health/ready`): database, storage, broker, scheduler, overdue releases, outbox."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from redis.exceptions import RedisError

from desk.actions import probe_database_writes
from desk.metrics import SCHEDULER_STALLED_AFTER, scheduler_age
from desk.models import Notice, Release
from desk.workers.nightly_backup import backup_state
from newsroom.db.expressions import database_now
from newsroom.http.backend_errors import FailureKind, backend_failure_of, failure_reporter
from newsroom.observability.storage_probe import storage_probe
from newsroom.redis_connections import redis_client
from outbox.metrics import measure_outbox

MAX_RELEASE_DELAY = timedelta(seconds=30)
MAX_OUTBOX_LAG_SECONDS = 60.0  # that is not caused by subscribers
# After a start the scheduler has not run yet, and what was due in the meantime is still unpublished.
STARTUP_GRACE_SECONDS = 30.0
BROKER_TIMEOUT_SECONDS = 1.0
STARTED = time.monotonic()
STORAGE_FULL_REPORTED_SECONDS = 10.0
WRITE_PROBE_INTERVAL_SECONDS = 2.0


@dataclass(frozen=True)
class Check:
    """Result of one check: whether it is well, and a figure or a keyword, never content of a story."""

    well: bool
    value: str | int | float | None = None


class LastWrite:
    """When this process last found the database writable: the endpoint is public, so probes are rare."""

    def __init__(self) -> None:
        self.at = float("-inf")

    def is_fresh(self) -> bool:
        return time.monotonic() - self.at < WRITE_PROBE_INTERVAL_SECONDS

    def record(self) -> None:
        self.at = time.monotonic()


last_write = LastWrite()


def check_readiness() -> dict[str, Check]:
    """{name of the check: result}."""
    grace = time.monotonic() - STARTED < STARTUP_GRACE_SECONDS
    checks = {"broker": broker(), "storage": storage()}
    try:
        now = database_now()
        checks |= {"clock": clock(now, grace=grace), "overdue": overdue(now, grace=grace)}
        checks |= {"failed": failed(), "notices": notices(), "outbox": outbox_lag(now, grace=grace)}
        if (backup := backup_state(now)) is not None:
            checks |= {"backup": Check(backup.is_well, rounded(backup.age_seconds))}
        checks |= {"database": database()}
    except DatabaseError:
        checks |= {"database": Check(False, "no answer")}
    return checks


def rounded(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def database() -> Check:
    """Whether the database, which has answered, accepts writes; a standby or a full disk does not."""
    try:
        if connection.vendor == "postgresql" and not last_write.is_fresh():
            probe_database_writes()
            last_write.record()
    except DatabaseError as error:
        cause = backend_failure_of(error)
        return Check(False, cause.kind.code if cause else "not writable")
    return Check(True)


def storage() -> Check:
    """Whether the data folders are writable, and no request has failed on a full disk lately."""
    if why := storage_probe.write_error():
        return Check(False, why)
    met = failure_reporter.seconds_since(FailureKind.STORAGE_FULL) < STORAGE_FULL_REPORTED_SECONDS
    return Check(not met, "full" if met else None)


def clock(now: datetime, *, grace: bool) -> Check:
    """Seconds since the scheduler's last pass; null before the first."""
    age = scheduler_age(now)
    if age is None:
        return Check(grace)
    return Check(grace or age <= SCHEDULER_STALLED_AFTER, round(age.total_seconds()))


def overdue(now: datetime, *, grace: bool) -> Check:
    """Delay of the oldest due release in seconds; 0 where none is due."""
    due = Release.objects.not_held_back().filter(due_at__lte=now).order_by("due_at")
    oldest = due.values_list("due_at", flat=True).first()
    late = now - oldest if oldest else timedelta()
    return Check(grace or late <= MAX_RELEASE_DELAY, round(late.total_seconds()))


def failed() -> Check:
    """Number of releases that failed and are being retried."""
    number = Release.objects.filter(state=Release.State.FAILED).count()
    return Check(number == 0, number)


def notices() -> Check:
    """Number of notices without a recipient."""
    number = Notice.objects.without_recipient().count()
    return Check(number == 0, number)


def outbox_lag(now: datetime, *, grace: bool) -> Check:
    """Delay of the oldest outbox delivery in seconds, without the delay that subscribers cause."""
    lag = measure_outbox(now).lag_seconds
    return Check(grace or lag <= MAX_OUTBOX_LAG_SECONDS, round(lag))


def broker() -> Check:
    """Whether tasks can be sent to the workers. The embedded broker is part of the worker, whose
    heartbeat the check of the scheduler reads."""
    return does_redis_answer() if settings.REDIS_URL else Check(True)


def does_redis_answer() -> Check:
    try:
        with redis_client(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
            socket_timeout=BROKER_TIMEOUT_SECONDS,
        ) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError):
        return Check(False, "no answer")
    return Check(True)


def detailed_report(checks: dict[str, Check]) -> dict[str, object]:
    """The results with their figures."""
    return {name: {"well": check.well, "told": check.value} for name, check in checks.items()}


def public_report(checks: dict[str, Check]) -> dict[str, object]:
    """Of each check only whether it is well, for anonymous callers."""
    return {name: {"well": check.well} for name, check in checks.items()}
