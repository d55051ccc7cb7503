"""Deletion of old invalidations, which every process has read by then.

A process that has not, since it was stopped for so long, must notice: a row tells up to which position rows
were deleted (newsroom/db/invalidation_log.py).
"""

from datetime import timedelta

from django.db import connection, transaction

from newsroom.db.invalidation_rules import EVERYTHING, INVALIDATION_TABLE, PRUNED

KEPT_INVALIDATIONS = timedelta(minutes=5)
SECONDS = int(KEPT_INVALIDATIONS.total_seconds())
# Of transactions that were over before all that are open now; and, after the restore of a backup, of those
# of another server, whose numbers this one has yet to reach: each reading would take them for new.
DELETE_ON_POSTGRESQL = f"""
WITH deleted AS (
    DELETE FROM {INVALIDATION_TABLE}
    WHERE (xid < pg_snapshot_xmin(pg_current_snapshot())
        AND written_at < now() - interval '{SECONDS} seconds')
        OR xid >= pg_snapshot_xmax(pg_current_snapshot())
    RETURNING xid, xid >= pg_snapshot_xmax(pg_current_snapshot()) AS is_foreign)
SELECT count(*), max(xid)::text, coalesce(bool_or(is_foreign), false) FROM deleted
"""  # noqa: S608 -- our own tables
DELETE_ON_SQLITE = f"""
DELETE FROM {INVALIDATION_TABLE}
WHERE written_at < strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '-{SECONDS} seconds')
RETURNING id
"""  # noqa: S608 -- our own tables


@transaction.atomic
def delete_old_invalidations() -> int:
    """Delete invalidations that are older than KEPT_INVALIDATIONS; how many there were."""
    is_restored = False
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(DELETE_ON_POSTGRESQL)
            count, last, is_restored = cursor.fetchone()
        else:
            cursor.execute(DELETE_ON_SQLITE, [])
            ids = [number for (number,) in cursor.fetchall()]
            count, last = len(ids), str(max(ids, default=0))
        if count:
            insert = f"INSERT INTO {INVALIDATION_TABLE} (kind, value, is_count) VALUES (%s, %s, %s)"  # noqa: S608 -- our own tables
            kind, value = (EVERYTHING, "") if is_restored else (PRUNED, str(last))
            cursor.execute(insert, [kind, value, False])
    return int(count)
