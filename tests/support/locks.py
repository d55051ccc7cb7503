"""Locks of PostgreSQL, for tests that wait until another connection waits for one."""

from django.db import connection


def waiting_for_locks() -> int:
    """How many connections to this database wait for a lock that another holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
