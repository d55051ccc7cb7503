"""Add to kept tallies: to a slot, in the transaction of the votes that it counts. Under the lock of a poll,
`Poll.replace_tally` makes one slot of all.

A tally is kept in slots, of which a connection to PostgreSQL uses one: two writers of one poll wait for
each other only where their connections share a slot. A reader adds up at most TALLY_SLOTS rows, however
many votes there are.
"""

from django.db import connection

TALLY_SLOTS = 16

ADD_SQL = """
INSERT INTO polls_tally (poll_id, slot, pro, con)
SELECT %(poll)s, {slot}, counts.pro, counts.con FROM ({counts}) counts WHERE true
ON CONFLICT (poll_id, slot) DO UPDATE
SET pro = polls_tally.pro + excluded.pro, con = polls_tally.con + excluded.con
"""
COUNTS_SQL = "SELECT %(pro)s AS pro, %(con)s AS con"
SLOTS = {"postgresql": f"pg_backend_pid() %% {TALLY_SLOTS}", "sqlite": "0"}


def add_to_tally(poll_id: int, *, pro: int = 0, con: int = 0) -> None:
    """Add to the kept tally of a poll; the last statement of a transaction that holds `share_poll`."""
    if pro or con:
        with connection.cursor() as cursor:
            sql = ADD_SQL.format(slot=SLOTS[connection.vendor], counts=COUNTS_SQL)
            cursor.execute(sql, {"poll": poll_id, "pro": pro, "con": con})
