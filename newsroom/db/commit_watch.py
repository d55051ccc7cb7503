"""Detects whether anything was committed to the database, by any process.

SQLite counts commits of other connections (`PRAGMA data_version`). PostgreSQL's snapshot
(`pg_current_snapshot()`) lists the transactions in progress and the next number; every commit of a writing
transaction changes it. Two equal tokens mean that nothing was committed between them. A query costs
0.1 ms and is made a few times a second at most, for all threads of the process.
"""

import sqlite3
import threading
from typing import NamedTuple
from urllib.parse import quote

from django.db import Error, connection

from newsroom import clock

COMMIT_CHECK_SECONDS = 0.25


class SnapshotToken(NamedTuple):
    """A value that is equal as long as nothing is committed; `at`: when it was read (monotonic seconds)."""

    value: str
    at: float


class CommitWatch:
    """The latest token, one for a process, shared by its threads."""

    def __init__(self) -> None:
        self.last: SnapshotToken | None = None
        self.checked_at = float("-inf")
        self.guard = threading.Lock()
        self.sqlite_connection: sqlite3.Connection | None = None

    def token(self) -> SnapshotToken | None:
        """The token, at most COMMIT_CHECK_SECONDS old; None if the database gives none."""
        if clock.monotonic() - self.checked_at >= COMMIT_CHECK_SECONDS:
            with self.guard:
                if clock.monotonic() - self.checked_at >= COMMIT_CHECK_SECONDS:
                    self.refresh()
        return self.last

    def refresh(self) -> None:
        at = clock.monotonic()
        try:
            value = self.sqlite_token() if connection.vendor == "sqlite" else postgres_snapshot()
        except (Error, sqlite3.Error):
            value = (
                None  # the request that renders the response fails in the same way and reports it
            )
        self.last = SnapshotToken(value, at) if value else None
        self.checked_at = at

    def sqlite_token(self) -> str | None:
        """Read through a separate connection, for which the commits of all others count."""
        if connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
            return None
        if self.sqlite_connection is None:
            uri = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
            self.sqlite_connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return sqlite_data_version(self.sqlite_connection)


def sqlite_data_version(sqlite_connection: sqlite3.Connection) -> str:
    """A number that changes with every commit of another connection."""
    return str(sqlite_connection.execute("PRAGMA data_version").fetchone()[0])


def postgres_snapshot() -> str | None:
    """The current snapshot; None in a transaction, whose own changes it does not show."""
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


commit_watch = CommitWatch()
