"""Reads an inverted index in the database in use: a tsvector column with a GIN index, or an FTS5 table."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from newsroom.search.expressions import (
    FTS5,
    TSQUERY,
    AllOf,
    OneOf,
    TermExpression,
    render_expression,
)
from newsroom.search.time_windows import FIRST_WINDOW_DAYS, TimeWindow, iter_time_windows

FIRST_SCAN_LIMIT, SCAN_GROWTH_FACTOR = 30, 4  # rows of the index read at a time
# `sort_key + 0` keeps the planner on the GIN index: it must not scan the index of sort keys and read the
# tsvector of every row.
POSTGRES_SQL = """
SELECT sort_key FROM {table}
WHERE words @@ %s::tsquery AND sort_key + 0 > %s AND sort_key + 0 < %s
ORDER BY sort_key + 0 {order} LIMIT %s
"""
SQLITE_SQL = """
SELECT rowid FROM {table}
WHERE {table} MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid {order} LIMIT %s
"""
# Two subqueries: for both ends together SQLite reads all of the index.
BOUNDS_SQL = """
SELECT (SELECT sort_key FROM {table} ORDER BY sort_key LIMIT 1),
  (SELECT sort_key FROM {table} ORDER BY sort_key DESC LIMIT 1)
"""


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


@dataclass(frozen=True)
class InvertedIndex:
    """The index of one table: its rows have a unique `sort_key`.

    `table` has the tsvector column `words` on PostgreSQL; `words_table` is the FTS5 table on SQLite, whose
    row ids are the sort keys. `first_window_days`: how many days are read at first on PostgreSQL.
    """

    table: str
    words_table: str
    first_window_days: int = FIRST_WINDOW_DAYS

    def find_sort_keys(
        self, expression: TermExpression, *, above: int, below: int, ascending: bool, limit: int
    ) -> list[int]:
        """Sort keys strictly between `above` and `below` of the matches, in order, `limit` at most."""
        table, sql, syntax = (
            (self.table, POSTGRES_SQL, TSQUERY)
            if is_postgres()
            else (self.words_table, SQLITE_SQL, FTS5)
        )
        order = "ASC" if ascending else "DESC"
        values: list[str | int] = [render_expression(expression, syntax), above, below, limit]
        with connection.cursor() as cursor:
            cursor.execute(sql.format(table=table, order=order), values)
            return [key for (key,) in cursor.fetchall()]

    def iter_windows(
        self, expression: TermExpression, *, above: int, below: int, ascending: bool
    ) -> Iterator[tuple[TimeWindow, Iterator[int]]]:
        """Time windows in the order of reading, each with the sort keys of its matches, read lazily.

        SQLite reads matches in the order of row ids, so that it needs one window only.
        """
        windows = (
            iter_time_windows(above, below, ascending=ascending, first_days=self.first_window_days)
            if is_postgres()
            else [TimeWindow(above, below, ())]
        )
        for window in windows:
            yield window, self.scan_window(window, expression, ascending=ascending)

    def scan_window(
        self, window: TimeWindow, expression: TermExpression, *, ascending: bool
    ) -> Iterator[int]:
        """Sort keys of the matches within a time window, read in growing chunks."""
        within = AllOf((expression, OneOf(window.terms))) if window.terms else expression
        above, below, limit = window.above, window.below, FIRST_SCAN_LIMIT
        while True:
            sort_keys = self.find_sort_keys(
                within, above=above, below=below, ascending=ascending, limit=limit
            )
            yield from sort_keys
            if len(sort_keys) < limit:
                return
            above, below = (sort_keys[-1], below) if ascending else (above, sort_keys[-1])
            limit *= SCAN_GROWTH_FACTOR

    def bounds(self) -> tuple[int, int] | None:
        """Exclusive bounds of all sort keys; None where the index is empty. One query."""
        with connection.cursor() as cursor:
            cursor.execute(BOUNDS_SQL.format(table=self.table))
            first, last = cursor.fetchone()
        return None if first is None else (first - 1, last + 1)
