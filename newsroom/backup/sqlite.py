"""Backup, integrity check and replacement of an SQLite database (sqlite.org/backup.html, /wal.html)."""

import errno
import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from newsroom.backup.errors import BackupError

SIDE_FILES = ("-wal", "-shm", "-journal")
# The byte of the -shm file on which every open connection in WAL mode holds a shared lock
# ("dead man switch", UNIX_SHM_DMS in SQLite's os_unix.c).
OPEN_LOCK_BYTE = 128
MAX_PROBLEMS = 10


def is_file_database() -> bool:
    """Whether the database is a file, and not in memory."""
    name = str(connection.settings_dict["NAME"])
    return not (":memory:" in name or "mode=memory" in name)


def database_path() -> Path:
    """The database's file. Raises BackupError for a database in memory."""
    if not is_file_database():
        raise BackupError(
            "메모리에 있는 데이터베이스는 백업할 수 없습니다.",
            "A database in memory cannot be backed up or restored.",
        )
    return Path(str(connection.settings_dict["NAME"]))


def dump_database(target: Path) -> str:
    """Copy the database as of one moment, while others write; SQLite's version.

    One step with all pages reads one snapshot (WAL) and blocks no writer. The copy is checked, and leaves
    WAL mode so that it is one file. Raises BackupError for a damaged database.
    """
    source = database_path()
    if not source.is_file():
        raise BackupError(
            f"데이터베이스가 없습니다: {source}", f"There is no database to back up: {source}"
        )
    target.touch(mode=0o600)
    try:
        with (
            closing(
                sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=20)
            ) as source_connection,
            closing(sqlite3.connect(target)) as target_connection,
        ):
            source_connection.backup(target_connection)
            target_connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise from_sqlite_error(error, source) from error
    if problems := find_integrity_problems(target, thorough=True):
        raise damaged_database_error(source, problems)
    return sqlite3.sqlite_version


def from_sqlite_error(error: sqlite3.Error, source: Path) -> BackupError:
    """The BackupError for an error of SQLite: a full disk, or a damaged database."""
    if getattr(error, "sqlite_errorname", "").startswith("SQLITE_FULL"):
        return BackupError(
            "디스크에 자리가 모자라 백업하지 못했습니다.", "The disk is full: no backup was made."
        )
    return damaged_database_error(source, [str(error)])


def damaged_database_error(source: Path, problems: list[str]) -> BackupError:
    return BackupError(
        f"데이터베이스가 손상되었습니다: {source} ({problems[0]}). 온전한 백업을 되살려 주세요: "
        "manage.py restore",
        f"The database is damaged: {source} ({problems[0]}). Restore a good backup: manage.py restore",
    )


def find_integrity_problems(path: Path, *, thorough: bool = False) -> list[str]:
    """The problems that SQLite finds in a database file, at most ten lines; empty where it is intact.

    Opened read-only: a leftover -wal is read and neither written back nor deleted. `thorough` compares
    indexes with their tables as well (integrity_check).
    """
    check = "integrity_check" if thorough else "quick_check"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute(f"PRAGMA {check}({MAX_PROBLEMS})").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    lines = [line for row in rows for line in str(row[0]).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]


def is_open_elsewhere(path: Path) -> bool:
    """Whether another process has the database open, by its lock on the -shm file."""
    try:
        descriptor = os.open(f"{path}-shm", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, OPEN_LOCK_BYTE)
    except OSError as error:
        if error.errno in {errno.EAGAIN, errno.EACCES}:
            return True
        raise
    finally:
        os.close(descriptor)
    return False


def move_aside(path: Path, folder: Path) -> list[Path]:
    """Move the database with its -wal, -shm and -journal into the folder; the new paths.

    The side files go first: a -wal beside another database would be replayed into it.
    """
    moved = []
    for suffix in (*SIDE_FILES, ""):
        old = path.with_name(path.name + suffix)
        if old.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            moved.append(old.replace(folder / old.name))
    return moved
