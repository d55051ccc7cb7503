"""Restore of a backup: everything is verified first; what it replaces is moved aside, never deleted."""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from newsroom.backup import postgresql, sqlite
from newsroom.backup.create import as_backup_errors, is_media_in_folder, secret_key_path
from newsroom.backup.errors import BackupError
from newsroom.backup.manifest import (
    Manifest,
    database_kind,
    hash_file,
    is_retired,
    newer_version_error,
    old_version_error,
    read_manifest,
    secret_key_fingerprint,
    verify_files,
)

# Marker file in the data folder while a restore replaces files: a start that finds it stops.
INTERRUPTED_MARKER = "restoring"
WriteLine = Callable[[str], None]


@contextmanager
def lock_stopped_newsroom() -> Iterator[None]:
    """Context manager that holds the data folder's lock, as ./run does: neither starts beside the other.

    Raises BackupError while ./run runs, or any other process has the database open.
    """
    with as_backup_errors():
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(settings.DATA_DIR / "running", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise
            raise still_running_error(f"./run · {settings.DATA_DIR}") from None
        refuse_open_database()
        yield
    finally:
        os.close(descriptor)


def refuse_open_database() -> None:
    """Raise BackupError where another process is connected to the database."""
    if database_kind() == "sqlite":
        path = sqlite.database_path()
        if path.exists() and sqlite.is_open_elsewhere(path):
            raise still_running_error(str(path))
    elif others := postgresql.other_connections():
        more = " …" if len(others) > 5 else ""
        raise still_running_error(f"{len(others)} connections: {', '.join(others[:5])}{more}")


def still_running_error(evidence: str) -> BackupError:
    return BackupError(
        f"뉴스룸이 아직 돌고 있습니다({evidence}). 웹·작업자·beat를 모두 멈춘 뒤 다시 실행해 주세요.",
        f"The newsroom is still running ({evidence}): stop web, worker and beat, then run this again.",
    )


def verify_backup(source: Path) -> Manifest:
    """The manifest of a backup that is complete and fits this database and this code.

    Reads all of it and changes nothing. Raises BackupError.
    """
    if not source.is_dir():
        raise BackupError(f"{source} 폴더가 없습니다.", f"There is no folder {source}.")
    with as_backup_errors():
        manifest = read_manifest(source)
        refuse_other_database_kind(manifest)
        known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        if unknown := [name for name in manifest.migrations if name not in known]:
            if any(map(is_retired, unknown)):
                raise old_version_error(manifest.version)
            raise newer_version_error(manifest.version, unknown)
        verify_files(manifest, source)
    return manifest


def refuse_other_database_kind(manifest: Manifest) -> None:
    if manifest.database != database_kind():
        raise BackupError(
            f"이 백업은 {manifest.database}의 것인데 DATABASE_URL은 {database_kind()}입니다. "
            "DATABASE_URL을 바꿔 주세요. 아무것도 바꾸지 않았습니다.",
            f"This backup is of {manifest.database}, DATABASE_URL is {database_kind()}: change it. "
            "Nothing was changed.",
        )


def restore_backup(source: Path, manifest: Manifest, *, write_line: WriteLine) -> None:
    """Put photos and database of a verified backup in place; `write_line` gets where the old ones are.

    Photos come first: they only add. Raises BackupError; the database is then unchanged, or, where an
    SQLite restore was interrupted between two renames, every start stops until it is run again.
    """
    stamp = timezone.localtime()
    with as_backup_errors():
        if is_media_in_folder() and manifest.media == "folder":
            restore_media(source, manifest, stamp=stamp, write_line=write_line)
        else:
            write_line(
                f"사진은 이 백업에 없습니다({manifest.media}). "
                "(Photos are not part of it: restore the bucket by its own means.)"
            )
        archive = source / manifest.database_file
        if manifest.database == "sqlite":
            replace_sqlite(archive, stamp=stamp, write_line=write_line)
        else:
            replace_postgresql(archive, stamp=stamp, write_line=write_line)


def aside_folder(parent: Path, stamp: datetime) -> Path:
    return parent / f"before-restore-{stamp:%Y%m%d-%H%M%S}"


def replace_sqlite(archive: Path, *, stamp: datetime, write_line: WriteLine) -> None:
    """Copy beside the database, check the copy, move the old files aside, rename the copy."""
    connections.close_all()
    path = sqlite.database_path()
    copy = path.with_name(path.name + ".restoring")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    try:
        shutil.copyfile(archive, copy)
        if problems := sqlite.find_integrity_problems(copy, thorough=True):
            raise sqlite.damaged_database_error(archive, problems)
        os.sync()
        marker = settings.DATA_DIR / INTERRUPTED_MARKER
        marker.write_text(f"{archive.parent.absolute()}\n")
        aside = aside_folder(path.parent, stamp)
        for moved in sqlite.move_aside(path, aside):
            write_line(f"옮겨 둔 것 (moved aside): {moved}")
        copy.replace(path)
        os.sync()
        marker.unlink()
    finally:
        copy.unlink(missing_ok=True)


def replace_postgresql(archive: Path, *, stamp: datetime, write_line: WriteLine) -> None:
    """Replace the schema `public` by the archive's; the old schema is renamed."""
    script = settings.DATA_DIR / "restoring.sql"
    script.unlink(missing_ok=True)
    try:
        aside = postgresql.replace_public_schema(archive, script, stamp=stamp)
    finally:
        script.unlink(missing_ok=True)
    connections.close_all()
    write_line(
        f"옮겨 둔 것 (moved aside): schema {aside}. "
        f'필요 없어지면 (when no longer needed): DROP SCHEMA "{aside}" CASCADE;'
    )


def restore_media(
    source: Path, manifest: Manifest, *, stamp: datetime, write_line: WriteLine
) -> None:
    """Restore every photo file that is missing or differs; one that differs is moved aside.

    Photos that are newer than the backup stay: without a row nobody can reach them.
    """
    root = Path(settings.MEDIA_ROOT)
    restored = 0
    for entry in manifest.media_files:
        name = Path(entry.path).relative_to("media")
        target = root / name
        if target.is_file():
            if hash_file(target) == (entry.bytes, entry.sha256):
                continue
            aside = aside_folder(root.parent, stamp) / "media" / name
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.replace(aside)
            write_line(f"옮겨 둔 것 (moved aside): {aside}")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(source / entry.path, part)
        shutil.copystat(source / entry.path, part)
        part.replace(target)
        restored += 1
    write_line(
        f"사진 파일 {restored}개를 되살렸습니다. ({restored} photo files were brought back.)"
    )


def find_secret_key_file(source: Path) -> Path:
    """The file with the secret key of a backup. Raises BackupError where there is none."""
    key_file = secret_key_path(source.absolute())
    if not key_file.is_file():
        raise BackupError(
            f"{key_file} 파일이 없습니다. 아무것도 바꾸지 않았습니다.",
            f"There is no file {key_file}. Nothing was changed.",
        )
    return key_file


def restore_secret_key(key_file: Path, *, write_line: WriteLine) -> None:
    """Put the secret key of a backup into the data folder; the old one is moved aside."""
    target = settings.DATA_DIR / "secret_key"
    with as_backup_errors():
        if target.exists():
            aside = aside_folder(settings.DATA_DIR, timezone.localtime()) / target.name
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_line(f"옮겨 둔 것 (moved aside): {target.replace(aside)}")
        target.touch(mode=0o600)
        target.write_text(key_file.read_text().strip())
    write_line(
        f"비밀 키를 되살렸습니다: {target}. 환경에 SECRET_KEY가 있으면 그것이 먼저입니다. "
        "(The secret key is back; a SECRET_KEY in the environment wins over it.)"
    )


def has_other_secret_key(manifest: Manifest) -> bool:
    """Whether the backup was made under another secret key than this newsroom's."""
    return manifest.secret_key_fingerprint != secret_key_fingerprint()
