"""PostgreSQL advisory locks, for work that one process at a time may do and that no row represents."""

from django.db import connection


def try_advisory_lock(name: str) -> bool:
    """Take the lock of this name until the end of the transaction; False if it is taken. Does not wait."""
    if connection.vendor != "postgresql":
        return True  # SQLite has one writer at a time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        is_locked: bool = cursor.fetchone()[0]
    return is_locked
