"""Invalidation log of a process: the surrogate keys that were invalidated since a position of the log.

Read whenever the commit watch sees that something was committed (newsroom/db/commit_watch.py). A position
is a number that grows with each reading; what a response was rendered from is at least as new as the
position that was read before. On PostgreSQL the order of ids is not the order of commits: a row is new if
the snapshot of the former reading did not see its transaction. SQLite has one writer at a time, so that ids
are in order.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from newsroom.db.invalidation_rules import (
    EVERYTHING,
    INVALIDATION_TABLE,
    KEY_RESOLVERS,
    PRUNED,
)

MAX_LOGGED_KEYS = 20_000
NEW_ON_POSTGRESQL = f"""
SELECT kind, value, bool_and(is_count), bool_or(
    CASE WHEN kind = '{PRUNED}' THEN value::xid8 >= pg_snapshot_xmin(%(last)s::pg_snapshot)
    ELSE false END)
FROM {INVALIDATION_TABLE}
WHERE xid >= pg_snapshot_xmin(%(last)s::pg_snapshot)
    AND NOT pg_visible_in_snapshot(xid, %(last)s::pg_snapshot)
GROUP BY kind, value
"""  # noqa: S608 -- our own tables
NEW_ON_SQLITE = f"""
SELECT kind, value, min(is_count), max(kind = '{PRUNED}' AND CAST(value AS INTEGER) > :last)
FROM {INVALIDATION_TABLE} WHERE id > :last GROUP BY kind, value
"""  # noqa: S608 -- our own tables


class Change(IntEnum):
    """What happened to a response since a position."""

    NONE = 0
    COUNTS = 1  # only counts, which readers may see a second late
    CONTENT = 2


class InvalidationLog:
    """Positions at which keys were invalidated last. One thread adds to it at a time; any may ask it."""

    def __init__(self) -> None:
        self.position = 1
        self.floor = 1  # what is older than this is invalid
        self.content: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.last: Any = None  # snapshot (PostgreSQL) or id (SQLite) of the former reading

    def change_since(self, position: int | None, keys: Iterable[str]) -> Change:
        """What happened since the position to a response with these surrogate keys."""
        if position is None or position < self.floor:
            return Change.CONTENT
        change = Change.NONE
        for key in keys:
            if self.content.get(key, 0) > position:
                return Change.CONTENT
            if self.counts.get(key, 0) > position:
                change = Change.COUNTS
        return change

    def read_postgresql(self, cursor: Any, snapshot: str) -> None:
        """Add what the snapshot of this transaction shows and that of the former reading did not."""
        if self.last is None:
            self.reset()
        else:
            cursor.execute(NEW_ON_POSTGRESQL, {"last": self.last})
            self.add(cursor, cursor.fetchall())
        self.last = snapshot

    def read_sqlite(self, connection: Any) -> None:
        """Add the rows since the former reading, within a transaction of this connection."""
        cursor = connection.cursor()
        highest = f"SELECT coalesce(max(id), 0) FROM {INVALIDATION_TABLE}"  # noqa: S608 -- our own tables
        (last,) = cursor.execute(highest).fetchone()
        if self.last is None or last < self.last:
            self.reset()
        elif last > self.last:
            self.add(cursor, cursor.execute(NEW_ON_SQLITE, {"last": self.last}).fetchall())
        self.last = last

    def add(self, cursor: Any, rows: list[tuple[str, str, bool, bool]]) -> None:
        """Add these rows (kind, value, only counts, rows were deleted unread) under a new position."""
        position = self.position + 1
        values: dict[tuple[str, bool], set[str]] = {}
        for kind, value, is_count, is_gap in rows:
            if kind == EVERYTHING or is_gap:
                self.floor = position
            elif kind != PRUNED:
                values.setdefault((kind, bool(is_count)), set()).add(value)
        for (kind, is_count), some in values.items():
            resolve = KEY_RESOLVERS.get(kind)
            if resolve is None:  # of a newer version of the code
                self.floor = position
                continue
            keys = self.counts if is_count else self.content
            keys.update(dict.fromkeys(resolve(cursor, some), position))
        if len(self.content) + len(self.counts) > MAX_LOGGED_KEYS:
            self.floor = position
            self.content, self.counts = {}, {}
        if rows:
            self.position = position

    def reset(self) -> None:
        """Invalidate whatever was rendered before."""
        self.position += 1
        self.floor = self.position
