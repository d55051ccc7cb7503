"""PostgreSQL's advisory locks: one process at a time does a thing that no row stands for."""

from django.db import connection


def try_advisory_lock(name: str) -> bool:
    """Whether this transaction now holds the lock of this name, until it is over. Does not wait."""
    if connection.vendor != "postgresql":
        return True  # SQLite has one writer at a time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        got: bool = cursor.fetchone()[0]
    return got
