"""Locks of polls and voters.

Order: the account of the voter, the keys of the voter, the poll, its votes, one slot of its tally (last).
"""

from collections.abc import Iterable

from django.db import connection

from polls.models import Poll

LOCK_KEY_SQL = "SELECT pg_advisory_xact_lock(hashtextextended(%(voter)s, 0));"


def lock_poll(poll_id: int) -> Poll:
    """Lock a poll's row until the transaction ends (SELECT FOR UPDATE) and return it.

    Waits until every vote on its way is committed, and lets no other begin.
    """
    return Poll.objects.select_for_update().get(pk=poll_id)


def lock_polls(poll_ids: Iterable[int]) -> set[int]:
    """Lock these polls' rows until the transaction ends, in the order of their ids; the ids found."""
    rows = Poll.objects.select_for_update().filter(pk__in=set(poll_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def share_poll(poll_id: int) -> Poll | None:
    """Lock a poll against being changed by others (`lock_poll`), not against other votes, and read it.

    None if it is gone. SQLite has one writer at a time: its transactions begin with the lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM polls_poll WHERE id = %s FOR KEY SHARE", [poll_id])
    return Poll.objects.filter(pk=poll_id).first()


def lock_voter_keys(*keys: str) -> None:
    """Serialize the requests of one voter by advisory locks until the transaction ends (PostgreSQL).

    In sorted order, against deadlocks.  SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for key in sorted({key for key in keys if key}):
            cursor.execute(LOCK_KEY_SQL, {"voter": key})
