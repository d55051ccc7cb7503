"""Detects whether anything was committed to the database, by any process, and what it invalidated.

SQLite counts commits of other connections (`PRAGMA data_version`). PostgreSQL's snapshot
(`pg_current_snapshot()`) lists the transactions in progress and the next number; every commit of a
writing transaction changes it. Two equal tokens mean that nothing was committed between them. Where they
differ, the invalidation log (newsroom/db/invalidation_log.py) tells which surrogate keys were invalidated
between their positions. Read a few times a second at most, for all threads of the process.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import Error, connection

from newsroom import clock
from newsroom.db.invalidation_log import InvalidationLog
from newsroom.db.invalidation_triggers import covered_tables

COMMIT_CHECK_SECONDS = 0.25
# How often it is looked whether the triggers still stand as the rules say.
TRIGGER_CHECK_SECONDS = 10.0
BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class SnapshotToken(NamedTuple):
    """A value that is equal as long as nothing is committed; `at`: when it was read (monotonic seconds);
    `position`: of the invalidation log, None if it is unknown; `covered`: tables whose changes it has."""

    value: str
    at: float
    position: int | None = None
    covered: frozenset[str] = frozenset()


class CommitWatch:
    """The latest token, one for a process, shared by its threads."""

    def __init__(self) -> None:
        self.last: SnapshotToken | None = None
        self.checked_at = float("-inf")
        self.guard = threading.Lock()
        self.sqlite_connection: sqlite3.Connection | None = None
        self.log = InvalidationLog()
        self.covered: frozenset[str] = frozenset()
        self.triggers_checked_at = float("-inf")
        self.writes = self.writes_read = 0  # of this process, and when the token was read

    def token(self) -> SnapshotToken | None:
        """The token, at most COMMIT_CHECK_SECONDS old and younger than the last write of this process; None
        if the database gives none."""
        if self.is_old():
            with self.guard:
                if self.is_old():
                    self.refresh()
        return self.last

    def is_old(self) -> bool:
        is_late = clock.monotonic() - self.checked_at >= COMMIT_CHECK_SECONDS
        return is_late or self.writes != self.writes_read

    def expire(self) -> None:
        """Read the token anew next time: this process has committed something."""
        self.writes += 1

    def refresh(self) -> None:
        at, writes = clock.monotonic(), self.writes
        try:
            read = self.read_sqlite if connection.vendor == "sqlite" else self.read_postgresql
            self.last = read(at)
        except (Error, sqlite3.Error):
            self.last = (
                None  # the request that renders the response fails in the same way and reports it
            )
        self.checked_at, self.writes_read = at, writes

    def read_postgresql(self, at: float) -> SnapshotToken | None:
        """None in a transaction, whose own changes no snapshot shows."""
        if connection.in_atomic_block:
            return None
        with repeatable_read() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            value = str(cursor.fetchone()[0])
            is_known = self.check_triggers(cursor, at, is_postgresql=True)
            if is_known and value != self.log.last:
                self.log.read_postgresql(cursor, value)
        return SnapshotToken(value, at, self.log.position if is_known else None, self.covered)

    def read_sqlite(self, at: float) -> SnapshotToken | None:
        """Read through a separate connection, for which the commits of all others count."""
        if connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
            return None
        if self.sqlite_connection is None:
            self.sqlite_connection = read_only_connection(str(connection.settings_dict["NAME"]))
        database = self.sqlite_connection
        value = f"{sqlite_data_version(database)}:{sqlite_schema_version(database)}"
        is_changed = self.last is None or self.last.value != value
        if is_changed and (self.last is None or schema_of(self.last.value) != schema_of(value)):
            self.triggers_checked_at = float("-inf")
        with sqlite_snapshot(database):
            is_known = self.check_triggers(database.cursor(), at, is_postgresql=False)
            if is_known and is_changed:
                self.log.read_sqlite(database)
        return SnapshotToken(value, at, self.log.position if is_known else None, self.covered)

    def check_triggers(self, cursor: Any, at: float, *, is_postgresql: bool) -> bool:
        """Whether there are triggers; looks which tables they cover every few seconds."""
        if at - self.triggers_checked_at >= TRIGGER_CHECK_SECONDS:
            covered = covered_tables(cursor, is_postgresql=is_postgresql)
            if not self.covered <= covered:
                self.log.reset()  # some were missing for an unknown time
            self.covered, self.triggers_checked_at = covered, at
        return bool(self.covered)


@contextmanager
def repeatable_read() -> Iterator[Any]:
    """A cursor whose statements all see one snapshot; outside of Django's transactions."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_SNAPSHOT)
        try:
            yield cursor
        finally:
            cursor.execute("ROLLBACK")


@contextmanager
def sqlite_snapshot(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.execute("ROLLBACK")


def read_only_connection(file: str) -> sqlite3.Connection:
    uri = f"file:{quote(file)}?mode=ro"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)


def sqlite_data_version(sqlite_connection: sqlite3.Connection) -> str:
    """A number that changes with every commit of another connection."""
    return str(sqlite_connection.execute("PRAGMA data_version").fetchone()[0])


def sqlite_schema_version(sqlite_connection: sqlite3.Connection) -> str:
    """A number that changes with every change of tables and triggers."""
    return str(sqlite_connection.execute("PRAGMA schema_version").fetchone()[0])


def schema_of(value: str) -> str:
    return value.partition(":")[2]


commit_watch = CommitWatch()
