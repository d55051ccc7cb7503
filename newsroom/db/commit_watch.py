"""Whether anything has been committed to the database, by its own word.

SQLite counts the commits of others (`PRAGMA data_version`); PostgreSQL's snapshot names every
transaction that is under way or to come, and a commit takes one of them off. Two equal statements mean
that nothing was committed between them, by whatever process. Asking costs a tenth of a millisecond, and
is done a few times a second however many want to know.
"""

import sqlite3
import threading
import time
from typing import NamedTuple
from urllib.parse import quote

from django.db import Error, connection

COMMIT_CHECK_SECONDS = 0.25  # seconds


class SnapshotToken(NamedTuple):
    """What the database said, and since when (monotonic seconds) it has been true at least."""

    value: str
    at: float


class CommitWatch:
    """One for a process, shared by its threads."""

    def __init__(self) -> None:
        self.last: SnapshotToken | None = None
        self.asked_at = float("-inf")
        self.guard = threading.Lock()
        self.own: sqlite3.Connection | None = None

    def token(self) -> SnapshotToken | None:
        """What the database says, a quarter of a second old at most; None where it says nothing."""
        if time.monotonic() - self.asked_at >= COMMIT_CHECK_SECONDS:
            with self.guard:
                if time.monotonic() - self.asked_at >= COMMIT_CHECK_SECONDS:
                    self.refresh()
        return self.last

    def refresh(self) -> None:
        at = time.monotonic()
        try:
            words = self.of_sqlite() if connection.vendor == "sqlite" else postgres_snapshot()
        except (Error, sqlite3.Error):
            words = None  # whoever makes the answer meets the same trouble, and is loud about it
        self.last = SnapshotToken(words, at) if words else None
        self.asked_at = at

    def of_sqlite(self) -> str | None:
        """From a connection of its own, for which all commits are those of others."""
        if connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
            return None
        if self.own is None:
            file = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
            self.own = sqlite3.connect(file, uri=True, check_same_thread=False)
        return sqlite_data_version(self.own)


def sqlite_data_version(own: sqlite3.Connection) -> str:
    """A number that changes with every commit of another connection."""
    return str(own.execute("PRAGMA data_version").fetchone()[0])


def postgres_snapshot() -> str | None:
    if connection.in_atomic_block:  # which cannot see by this what it has changed itself
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


commit_watch = CommitWatch()
