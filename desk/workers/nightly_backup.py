"""Nightly backup: created when it is due, its outcome recorded as a heartbeat."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from desk.actions import record_heartbeat
from desk.models import Heartbeat
from newsroom.backup.errors import BackupError
from newsroom.backup.schedule import create_scheduled_backup, is_backup_due

logger = logging.getLogger(__name__)
# Names of heartbeats: the last backup, the last failure.
LAST_BACKUP, LAST_FAILED_BACKUP = "backup", "backup_failed"
# A day, and two hours in which a large one is created.
MAX_BACKUP_AGE = timedelta(hours=26)


@dataclass(frozen=True)
class BackupState:
    """`age_seconds`: since the last good backup, None before the first; `failed`: whether the latest
    attempt failed."""

    age_seconds: float | None
    failed: bool

    @property
    def is_well(self) -> bool:
        """Whether the last attempt succeeded, and the last success is of the last night."""
        is_old = self.age_seconds is not None and self.age_seconds > MAX_BACKUP_AGE.total_seconds()
        return not (self.failed or is_old)


def backup_state(now: datetime) -> BackupState | None:
    """State of the nightly backups; None where BACKUP_DIR is not set. One query."""
    if settings.BACKUP_DIR is None:
        return None
    times = dict(
        Heartbeat.objects.filter(name__in=[LAST_BACKUP, LAST_FAILED_BACKUP]).values_list(
            "name", "at"
        )
    )
    good, failed = times.get(LAST_BACKUP), times.get(LAST_FAILED_BACKUP)
    return BackupState(
        age_seconds=None if good is None else max((now - good).total_seconds(), 0.0),
        failed=failed is not None and (good is None or failed > good),
    )


def create_backup_if_due() -> str:
    """Create the nightly backup if it is due; a summary for the log.

    A failure is logged, recorded and raised as BackupError: the task fails, and its next run tries again.
    """
    now = timezone.now()
    if settings.BACKUP_DIR is None:
        return "no BACKUP_DIR"
    last_good = Heartbeat.objects.filter(name=LAST_BACKUP).values_list("at", flat=True).first()
    if not is_backup_due(now, last_good=last_good):
        return "not due"
    try:
        manifest = create_scheduled_backup()
    except BackupError as error:
        logger.error("The nightly backup failed: %s", error.english)  # noqa: TRY400 -- no bug, a sentence
        record_heartbeat(LAST_FAILED_BACKUP, min_interval=timedelta())
        raise
    record_heartbeat(LAST_BACKUP, min_interval=timedelta())
    return f"{len(manifest.files)} files, {manifest.total_bytes} bytes"
