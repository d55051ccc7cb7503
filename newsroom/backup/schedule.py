"""Nightly backups: when one is due, where it goes, and rotation."""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from newsroom.backup.create import PART_SUFFIX, as_backup_errors, create_backup
from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import MANIFEST_NAME, Manifest
from newsroom.file_lock import folder_lock

BACKUP_NAME_PATTERN = re.compile(r"newsroom-\d{8}-\d{6}")


def is_backup_due(now: datetime, *, last_good: datetime | None) -> bool:
    """Whether a backup is due: none was made since BACKUP_HOUR last passed.

    The very first is due at once, so that a wrong BACKUP_DIR is found by day.
    """
    local = timezone.localtime(now)
    due_at = local.replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    if due_at > local:
        due_at -= timedelta(days=1)
    return last_good is None or last_good < due_at


def complete_backups(folder: Path) -> list[Path]:
    """The complete nightly backups in the folder, oldest first."""
    named = (path for path in folder.glob("newsroom-*") if BACKUP_NAME_PATTERN.fullmatch(path.name))
    return sorted(path for path in named if (path / MANIFEST_NAME).is_file())


def create_scheduled_backup() -> Manifest:
    """Make the next nightly backup in BACKUP_DIR, then delete those beyond BACKUP_KEEP.

    Old ones are deleted only when the new one is complete. Raises BackupError.
    """
    folder: Path | None = settings.BACKUP_DIR
    if folder is None:
        raise BackupError("BACKUP_DIR이 없습니다.", "BACKUP_DIR is not set.")
    with as_backup_errors(), folder_lock(folder):  # two workers must not rotate at once
        for leftover in folder.glob(f".newsroom-*{PART_SUFFIX}"):
            shutil.rmtree(leftover, ignore_errors=True)  # of an interrupted backup
        backups = complete_backups(folder)
        target = folder / f"newsroom-{timezone.localtime():%Y%m%d-%H%M%S}"
        manifest = create_backup(target, previous=backups[-1] if backups else None)
        for old in complete_backups(folder)[: -settings.BACKUP_KEEP]:
            shutil.rmtree(old)
    return manifest
