"""Creation of a backup: the database as of one moment, then the photos, then the manifest.

Renditions of photos are written before their rows and never deleted, and a file never changes under its
name: every photo in the database's snapshot is there when the files are copied after it.  Originals that
wait to be decoded (media/processing.py) are deleted after their rows: they are copied before.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from newsroom.backup import postgresql, sqlite
from newsroom.backup.errors import BackupError, from_os_error
from newsroom.backup.manifest import (
    COPY_CHUNK_BYTES,
    MANIFEST_FORMAT,
    FileEntry,
    Manifest,
    applied_migrations,
    database_kind,
    hash_entry,
    newsroom_version,
    read_manifest,
    secret_key_fingerprint,
    write_manifest,
)

DATABASE_FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
SECRET_KEY_SUFFIX = ".secret_key"  # noqa: S105 -- a file name suffix
PART_SUFFIX = ".part"
UPLOADS_FOLDER = "originals"  # in MEDIA_ROOT, as media.actions.upload_photo names it
MIN_FREE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class PreviousBackup:
    """An earlier backup, whose unchanged photos are hard-linked: its folder and its entries by path."""

    folder: Path
    files: dict[str, FileEntry]


def create_backup(
    target: Path, *, with_secrets: bool = False, previous: Path | None = None
) -> Manifest:
    """Make a backup at `target`, a folder that does not exist yet; its manifest.

    It is written under a temporary name and renamed when it is complete.  With `with_secrets` the secret
    key is beside the folder, in a file of its own.  Photos that `previous` has as well are hard-linked.
    Raises BackupError.
    """
    target = target.absolute()
    with as_backup_errors():
        refuse_target(target)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_lack_of_space(target.parent)
        part = target.with_name(f".{target.name}{PART_SUFFIX}")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        try:
            manifest = write_backup(part, previous=load_previous_backup(previous))
            if with_secrets:
                write_secret_key(secret_key_path(target))
            os.sync()  # a name must not be on the disk before what it names
            part.rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return manifest


@contextmanager
def as_backup_errors() -> Iterator[None]:
    """Context manager that turns errors of the file system and of the database into BackupError."""
    try:
        yield
    except OSError as error:
        raise from_os_error(error) from error
    except DatabaseError as error:
        message = " ".join(str(error).split())
        raise BackupError(
            f"데이터베이스가 거절했습니다: {message}", f"The database refused: {message}"
        ) from error


def refuse_target(target: Path) -> None:
    """Raise BackupError for a target that exists, or is inside the photos that are to be copied."""
    if target.exists():
        raise BackupError(
            f"{target}이(가) 이미 있습니다. 새 이름을 적어 주세요.",
            f"{target} exists already: name a folder that does not.",
        )
    if target.is_relative_to(Path(settings.MEDIA_ROOT).absolute()):
        raise BackupError(
            f"{target}은(는) 사진 폴더 안입니다. 다른 곳을 적어 주세요.",
            f"{target} is inside the folder of photos: name a place outside of it.",
        )


def refuse_lack_of_space(folder: Path) -> None:
    """Raise BackupError where there is less free space than the SQLite database needs."""
    needed = MIN_FREE_BYTES
    if (
        database_kind() == "sqlite"
        and sqlite.is_file_database()
        and sqlite.database_path().is_file()
    ):
        needed += sqlite.database_path().stat().st_size
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(
            f"자리가 모자랍니다: {folder}에 {needed / 1e6:.0f} MB가 필요한데 {free / 1e6:.0f} MB뿐입니다.",
            f"Not enough room: {folder} has {free / 1e6:.0f} MB, {needed / 1e6:.0f} MB are needed.",
        )


def load_previous_backup(previous: Path | None) -> PreviousBackup | None:
    """The previous backup with its entries; None for none."""
    if previous is None:
        return None
    return PreviousBackup(previous, {f.path: f for f in read_manifest(previous).media_files})


def write_backup(part: Path, *, previous: PreviousBackup | None) -> Manifest:
    """Write everything into the folder, the manifest last."""
    kind, started = database_kind(), timezone.now()
    database = part / DATABASE_FILES[kind]
    migrations = applied_migrations()
    has_media = is_media_in_folder()
    media = copy_media(part, below=UPLOADS_FOLDER, previous=previous) if has_media else []
    version = (sqlite if kind == "sqlite" else postgresql).dump_database(database)
    media += copy_media(part, previous=previous) if has_media else []
    bucket = settings.STORAGES["default"].get("OPTIONS", {}).get("bucket_name", "")
    manifest = Manifest(
        format=MANIFEST_FORMAT,
        version=newsroom_version(),
        database=kind,
        database_file=database.name,
        server_version=version,
        migrations=migrations,
        started_at=started.isoformat(),
        finished_at=timezone.now().isoformat(),
        media="folder" if has_media else f"not included: bucket {bucket}",
        secret_key_fingerprint=secret_key_fingerprint(),
        files=[hash_entry(database, root=part), *media],
    )
    write_manifest(manifest, part)
    return manifest


def is_media_in_folder() -> bool:
    """Whether photos are files of this machine; a bucket is backed up by its own means."""
    return str(settings.STORAGES["default"]["BACKEND"]).endswith("FileSystemStorage")


def copy_media(part: Path, *, below: str = "", previous: PreviousBackup | None) -> list[FileEntry]:
    """Copy the photo files in a folder of MEDIA_ROOT, or in all of it, into `media`, without those that are
    copied already; their entries. A file that is deleted meanwhile is left out.
    """
    root = Path(settings.MEDIA_ROOT)
    entries = []
    for path in sorted((root / below).rglob("*")):
        target = part / "media" / path.relative_to(root)
        if path.is_symlink() or not path.is_file() or target.exists():
            continue
        try:
            entries.append(copy_file(path, part, path.relative_to(root), previous=previous))
        except FileNotFoundError:
            if path.exists():
                raise
            target.unlink(missing_ok=True)
    return entries


def copy_file(
    source: Path, part: Path, name: Path, *, previous: PreviousBackup | None
) -> FileEntry:
    """Copy one photo file with its times, or link the previous backup's, where it is unchanged."""
    entry_path = (Path("media") / name).as_posix()
    target = part / entry_path
    make_folder(target.parent, below=part)
    if previous and (entry := previous.files.get(entry_path)):
        earlier, stats = previous.folder / entry_path, source.stat()
        if earlier.is_file() and is_same_file(earlier, size=stats.st_size, mtime=stats.st_mtime_ns):
            os.link(earlier, target)
            return entry
    with source.open("rb") as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, COPY_CHUNK_BYTES)
    shutil.copystat(source, target)
    return hash_entry(target, root=part)


def make_folder(folder: Path, *, below: Path) -> None:
    """Make a folder and its parents down from `below`, each with mode 0700."""
    for parent in reversed([folder, *folder.parents]):
        if parent.is_relative_to(below):
            parent.mkdir(mode=0o700, exist_ok=True)


def is_same_file(path: Path, *, size: int, mtime: int) -> bool:
    """Whether a file has this size and this modification time (nanoseconds)."""
    stats = path.stat()
    return stats.st_size == size and stats.st_mtime_ns == mtime


def secret_key_path(backup: Path) -> Path:
    """The file of a backup's secret key: beside the folder, so that each can be stored elsewhere."""
    return backup.with_name(backup.name + SECRET_KEY_SUFFIX)


def write_secret_key(path: Path) -> None:
    """Write the secret key into a file with mode 0600. Raises BackupError, OSError."""
    if path.exists():
        raise BackupError(f"{path}이(가) 이미 있습니다.", f"{path} exists already.")
    path.touch(mode=0o600)
    path.write_text(f"{settings.SECRET_KEY}\n")
