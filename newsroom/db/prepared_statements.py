"""Server-side prepared statements on PostgreSQL, for compiled queries.

PostgreSQL plans a statement at every execution unless it is prepared, and planning the joins of an article
page takes ten times as long as executing them: 6 to 14 ms for a page and its related cards, 0.7 ms when
prepared (docs/performance.md). Django's cursors bind parameters in the client, which cannot be prepared.

Loaded only with PostgreSQL, as it imports psycopg. Off by default through PgBouncer in transaction mode,
where version 1.21 is needed with `max_prepared_statements` (docs/scaling.md). Depends on internals of
Django's backend (tests/newsroom/db/test_django_version.py).
"""

import contextlib
from typing import Any

from django.db import Error as DatabaseError
from django.db.backends.postgresql.base import ServerBindingCursor

# What PostgreSQL says of a plan whose columns have changed their type since (0A000), and behind a pooler of
# a statement that the session has already (42P05) or has not (26000): appendix A of its manual.
STALE_STATEMENT_CODES = {"0A000", "42P05", "26000"}
GENERIC_PLANS_SQL = "SET plan_cache_mode = force_generic_plan"


class PreparedCursor(ServerBindingCursor):
    """A cursor whose statements are prepared at their first execution on the connection."""

    def execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        # Only now: psycopg remembers every statement of a connection with a threshold, of whatever size.
        self.connection.prepare_threshold = 0
        try:
            driver_cursor: Any = super()
            return driver_cursor.execute(query, params, prepare=True, **options)
        finally:
            self.connection.prepare_threshold = None


def fetch_prepared(connection: Any, sql: str, params: dict[str, Any]) -> list[Any]:
    """All rows of this statement, prepared. One query.

    Where the prepared statement is not usable any more, the connection is replaced at once, or after the
    transaction that this failure ends.
    """
    try:
        with open_cursor(connection) as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) not in STALE_STATEMENT_CODES:
            raise
        if connection.in_atomic_block:
            connection.close_at = 0  # after this request
            raise
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def open_cursor(connection: Any) -> Any:
    """A prepared cursor in Django's wrapper, with its checks, hooks and log."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    prefer_generic_plans(connection)
    make_cursor: Any = PreparedCursor
    with connection.wrap_database_errors:
        return connection._prepare_cursor(make_cursor(connection.connection))


def prefer_generic_plans(connection: Any) -> None:
    """Let PostgreSQL plan the prepared statements of this connection once, for any parameters.

    By itself it does so only where its estimate for given parameters is not lower, which for related cards
    it always is. Once a connection, outside of a transaction, whose end could undo it.
    """
    driver = connection.connection
    if connection.in_atomic_block or getattr(driver, "has_generic_plans", False):
        return
    with contextlib.closing(driver.cursor()) as cursor, connection.wrap_database_errors:
        cursor.execute(GENERIC_PLANS_SQL)
    driver.has_generic_plans = True


def sql_literal(value: Any, connection: Any) -> str:
    """A constant as a literal of SQL in which percent signs are doubled.

    The planner knows a literal, and matches it with the conditions of partial indexes.
    """
    connection.ensure_connection()
    return str(connection.ops.compose_sql("%s", [value])).replace("%", "%%")
