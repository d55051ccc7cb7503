"""Probe of the data folders: can anything be written there, and how much room is left.

Asks the file system by allocating and freeing a megabyte, since free blocks alone say nothing of
quotas, inodes, read-only mounts or permissions.
"""

import errno
import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

PROBE_BYTES = 1 << 20
PROBE_MAX_AGE_SECONDS = 1.0
REASONS_BY_ERRNO = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "quota",
    errno.EROFS: "read-only",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
}


class FreeSpace(NamedTuple):
    """Of the folder with the least room: bytes and inodes (0 where the file system counts none)."""

    free_bytes: int
    size_bytes: int
    free_inodes: int


class StorageProbe:
    """Remembers what it found for a second: anybody may ask /health/ready, as often as they like."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.asked_at = float("-inf")
        self.found: str | None = None

    def write_error(self) -> str | None:
        """Why a data folder cannot be written, in a word; None where all can."""
        with self.guard:
            if time.monotonic() - self.asked_at >= PROBE_MAX_AGE_SECONDS:
                self.found = next(filter(None, map(write_error, data_folders())), None)
                self.asked_at = time.monotonic()
            return self.found


def data_folders() -> list[Path]:
    """Where this newsroom writes: data, database, photos; each file system once."""
    named = [Path(settings.DATA_DIR)]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        named.append(Path(str(connection.settings_dict["NAME"])).parent)
    if settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage"):
        named.append(Path(settings.MEDIA_ROOT))
    return list(
        {
            existing.stat().st_dev: existing for existing in map(nearest_existing_folder, named)
        }.values()
    )


def nearest_existing_folder(folder: Path) -> Path:
    """The folder, or the one above it that is there: some are made when they are first needed."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def write_error(folder: Path) -> str | None:
    """Why nothing can be written into this folder; None where it can."""
    trial = folder / f".probe-{os.getpid()}-{threading.get_ident()}"
    try:
        descriptor = os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, PROBE_BYTES)
        finally:
            os.close(descriptor)
            trial.unlink(missing_ok=True)
    except OSError as error:
        return REASONS_BY_ERRNO.get(error.errno or 0, error.strerror or "not writable")
    return None


def free_space() -> FreeSpace:
    """The least room that any data folder has."""
    return min(free_space_of(data_folders()))


def free_space_of(places: Iterable[Path]) -> Iterator[FreeSpace]:
    for place in places:
        found = os.statvfs(place)
        size = found.f_frsize
        yield FreeSpace(found.f_bavail * size, found.f_blocks * size, found.f_favail)


storage_probe = StorageProbe()
