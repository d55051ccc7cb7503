"""Storage probe: whether the data folders are writable, and the free space.

It allocates and frees a megabyte, since free blocks alone say nothing about quotas, inodes, read-only
mounts or permissions.
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
    """Free space of a file system: bytes and inodes (0 where it counts none)."""

    free_bytes: int
    size_bytes: int
    free_inodes: int


class StorageProbe:
    """Write probe that caches its result for PROBE_MAX_AGE_SECONDS: anybody may request /health/ready."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.probed_at = float("-inf")
        self.error: str | None = None

    def write_error(self) -> str | None:
        """Why a data folder cannot be written, in a word; None where all can."""
        with self.lock:
            if time.monotonic() - self.probed_at >= PROBE_MAX_AGE_SECONDS:
                self.error = next(filter(None, map(write_error, data_folders())), None)
                self.probed_at = time.monotonic()
            return self.error


def data_folders() -> list[Path]:
    """The folders of data, database and photos, one for each file system."""
    folders = [Path(settings.DATA_DIR)]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        folders.append(Path(str(connection.settings_dict["NAME"])).parent)
    if settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage"):
        folders.append(Path(settings.MEDIA_ROOT))
    existing = map(nearest_existing_folder, folders)
    return list({folder.stat().st_dev: folder for folder in existing}.values())


def nearest_existing_folder(folder: Path) -> Path:
    """The folder, or its nearest parent that exists: some are made at their first use."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def write_error(folder: Path) -> str | None:
    """Why nothing can be written into this folder; None where it can."""
    file = folder / f".probe-{os.getpid()}-{threading.get_ident()}"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, PROBE_BYTES)
        finally:
            os.close(descriptor)
            file.unlink(missing_ok=True)
    except OSError as error:
        return REASONS_BY_ERRNO.get(error.errno or 0, error.strerror or "not writable")
    return None


def free_space() -> FreeSpace:
    """The free space of the data folder that has the least."""
    return min(free_space_of(data_folders()))


def free_space_of(folders: Iterable[Path]) -> Iterator[FreeSpace]:
    for folder in folders:
        stats = os.statvfs(folder)
        block = stats.f_frsize
        yield FreeSpace(stats.f_bavail * block, stats.f_blocks * block, stats.f_favail)


storage_probe = StorageProbe()
