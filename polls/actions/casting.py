"""Cast or change the vote of a voter without an account in one round trip, for speed alone.

Decides the two cases that nearly every vote is: a new one, and a counted one for the other side.
Conditions, locks and their order are those of `cast_vote`, which takes all others step by step. On
PostgreSQL the statements are one query string of the simple protocol, which is one transaction, each
statement with a snapshot of its own: one round trip instead of eight (docs/performance.md, "Writes").
"""

from contextlib import nullcontext
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DataError, connection, transaction
from django.utils import timezone

from newsroom import clock
from newsroom.db.compiled_queries import CompiledSQL
from newsroom.db.expressions import CurrentTime
from polls.actions.locking import LOCK_KEY_SQL
from polls.actions.tallies import ADD_SQL, SLOTS, add_to_tally
from polls.errors import NoSuchPoll
from polls.models import PollToVoteIn, Vote
from polls.representation import (
    TalliedSide,
    sides_of_public_poll,
    tallied_sides_of_public,
)

# Condition of a poll that takes a vote: open by the database's clock, and no account has voted in the
# browser of a voter without one. `NOT (…)` is the condition of the index as SQLite knows it, which would
# read all votes of the poll otherwise.
OPEN_POLL_SQL = """
p.id = %(poll)s AND p.public AND p.unlinked_at IS NULL AND p.opens_at <= {now}
AND (p.closes_at IS NULL OR p.closes_at > {now})
AND (p.blackout_from IS NULL OR p.blackout_from > {now} OR p.blackout_until <= {now})
AND NOT EXISTS (SELECT 1 FROM polls_vote other WHERE other.poll_id = %(poll)s
                AND other.browser = %(anonymous)s AND NOT (other.browser = ''))
"""
# clock_timestamp: the time after waiting for a lock, not that of the start of the transaction. SQLite has
# one writer at a time, on the machine whose clock it is.
NOW_SQL = {"postgresql": "clock_timestamp()", "sqlite": "%(now)s"}
TIME_WAITED_SQL = "(clock_timestamp() - statement_timestamp())"
INSERT_SQL = """
INSERT INTO polls_vote (poll_id, side, voter, browser, state, rule, cast_at, changed_at)
SELECT p.id, %(side)s, %(voter)s, %(browser)s, %(state)s, %(rule)s, {now}, {now} FROM {poll}
ON CONFLICT (poll_id, voter) DO NOTHING RETURNING id
"""
OPEN_POLL_ID_SQL = "WHERE poll_id = (SELECT p.id FROM polls_poll p WHERE {open})"
UPDATE_SQL = """
UPDATE polls_vote SET side = %(side)s, changed_at = {now} {poll}
AND polls_vote.voter = %(voter)s AND polls_vote.state = 'counted' AND polls_vote.side <> %(side)s
RETURNING rule
"""
# The poll's row is locked against changes (closing it waits, then counts this vote), not against other
# votes. Its conditions are those of the time after waiting for the lock.
LOCKED_POLL_SQL = "SELECT p.* FROM polls_poll p WHERE p.id = %(poll)s FOR KEY SHARE OF p"
CAST_SQL = """
WITH locked AS ({locked}), p AS (SELECT p.id FROM locked p WHERE {open}), new AS ({insert}),
changed AS ({update}), added(pro, con) AS (
  SELECT %(pro)s, %(con)s FROM new WHERE %(is_counted)s
  UNION ALL SELECT 2 * %(pro)s - 1, 2 * %(con)s - 1 FROM changed
), tally AS ({add})
SELECT true, %(rule)s FROM new UNION ALL SELECT false, rule FROM changed
"""
# Fails where the poll is not public any more, so that nothing is committed.
SIDES_SQL = """
WITH sides AS ({sides})
SELECT sides.*, 1 / (SELECT count(*) FROM sides) FROM (SELECT 1) one LEFT JOIN sides ON true
ORDER BY sides.key DESC
"""


MAX_KNOWN_POLLS = 100


class KnownPolls:
    """Public polls that this process has read in the last RESPONSE_CACHE_SECONDS, for votes in them.

    One round trip of five less for a vote in a busy poll. What decides on a vote is read with it again.
    """

    def __init__(self) -> None:
        self.polls: dict[int, tuple[PollToVoteIn, float]] = {}

    def find(self, poll_id: int) -> PollToVoteIn | None:
        poll, until = self.polls.get(poll_id, (None, 0.0))
        return poll if clock.monotonic() < until else None

    def store(self, poll: PollToVoteIn, *, read_at: float) -> None:
        """Store what was read of a poll then (monotonic seconds); at most MAX_KNOWN_POLLS."""
        if len(self.polls) >= MAX_KNOWN_POLLS:
            self.polls.clear()
        if settings.RESPONSE_CACHE_SECONDS:
            self.polls[poll.pk] = (poll, read_at + settings.RESPONSE_CACHE_SECONDS)


known_polls = KnownPolls()


class Cast(NamedTuple):
    """A vote that was cast, or changed; `rule`: what holds a new one, or had held a changed one."""

    is_new: bool
    rule: str
    sides: list[TalliedSide]


def vote_params(
    poll_id: int, *, side: str, keys: tuple[str, str], is_signed_in: bool, hold: str
) -> dict[str, Any]:
    """Parameters of INSERT_SQL and OPEN_POLL_SQL; `keys`: those of voter and browser."""
    key, browser = keys
    return {
        "poll": poll_id,
        "side": side,
        "voter": key,
        "browser": browser if is_signed_in else "",
        "anonymous": "" if is_signed_in else browser,
        "state": Vote.State.ON_HOLD if hold else Vote.State.COUNTED,
        "rule": hold,
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }


@cache
def insert_vote_sql(vendor: str) -> str:
    """INSERT of a new vote that checks the poll and locks it against changes."""
    now = NOW_SQL[vendor]
    condition = OPEN_POLL_SQL.format(now=now)
    if vendor != "postgresql":
        return INSERT_SQL.format(now=now, poll=f"polls_poll p WHERE {condition}")
    insert = INSERT_SQL.format(now=now, poll=f"locked p WHERE {condition}")
    return f"WITH locked AS ({LOCKED_POLL_SQL}) {insert}"


@cache
def change_vote_sql() -> str:
    """UPDATE of a counted vote for the other side (SQLite)."""
    now = NOW_SQL["sqlite"]
    poll = OPEN_POLL_ID_SQL.format(open=OPEN_POLL_SQL.format(now=now))
    return UPDATE_SQL.format(now=now, poll=poll)


def cast_at_once(
    poll_id: int, *, side: str, keys: tuple[str, str], hold: str, is_new_browser: bool
) -> Cast | None:
    """Cast or change the vote of a voter without an account, with its tally, in a transaction of its own.

    None if it is neither a new vote nor a counted one for the other side, or if the poll is not open: then
    nothing is changed. Raises NoSuchPoll, having changed nothing, if the poll is not public any more.
    """
    params = vote_params(poll_id, side=side, keys=keys, is_signed_in=False, hold=hold)
    params |= {"pro": int(side == "pro"), "con": int(side == "con"), "is_counted": not hold}
    if connection.vendor == "postgresql":
        return cast_in_one_trip(params, locks_key=not is_new_browser)
    return cast_in_statements(params)


def cast_in_one_trip(params: dict[str, Any], *, locks_key: bool) -> Cast | None:
    sides = sides_of_public_poll()
    compiled = sides.compiled or sides.compile()
    values = {name: param.value(params, connection) for name, param in compiled.deferred.items()}
    lock = LOCK_KEY_SQL if locks_key else ""
    sql = f"{lock}{cast_sql()};{SIDES_SQL.format(sides=with_time_waited(compiled))}"
    savepoint = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with savepoint, connection.cursor() as cursor:
            cursor.execute(sql, params | compiled.constants | values)
            if locks_key:
                cursor.nextset()
            cast = cursor.fetchone()
            cursor.nextset()
            rows = [row[:-1] for row in cursor.fetchall()]
    except DataError as error:  # division by zero: no sides
        raise NoSuchPoll from error
    shown = [dict(vars(side)) for side in compiled.loader.load(rows, connection)]
    return Cast(cast[0], cast[1], shown) if cast else None


def with_time_waited(compiled: CompiledSQL) -> str:
    """The statement with its time moved by what passed since its string arrived: an article may expire
    while a vote waits for a lock."""
    sql = compiled.sql
    for name, param in compiled.deferred.items():
        if isinstance(param, CurrentTime):
            sql = sql.replace(f"%({name})s", f"(%({name})s + {TIME_WAITED_SQL})")
    return sql


@cache
def cast_sql() -> str:
    now = NOW_SQL["postgresql"]
    return CAST_SQL.format(
        locked=LOCKED_POLL_SQL,
        open=OPEN_POLL_SQL.format(now=now),
        insert=INSERT_SQL.format(now=now, poll="p"),
        update=UPDATE_SQL.format(now=now, poll="FROM p WHERE polls_vote.poll_id = p.id"),
        add=ADD_SQL.format(slot=SLOTS["postgresql"], counts="SELECT pro, con FROM added"),
    )


@transaction.atomic
def cast_in_statements(params: dict[str, Any]) -> Cast | None:
    """The same on SQLite, in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(insert_vote_sql("sqlite"), params)
        is_new, rule = cursor.fetchone() is not None, params["rule"]
        pro, con = params["pro"], params["con"]
        if not is_new:
            cursor.execute(change_vote_sql(), params)
            if (changed := cursor.fetchone()) is None:
                return None
            [rule], pro, con = changed, 2 * pro - 1, 2 * con - 1
    if params["is_counted"] or not is_new:
        add_to_tally(params["poll"], pro=pro, con=con)
    if sides := tallied_sides_of_public(params["poll"]):
        return Cast(is_new, rule, sides)
    raise NoSuchPoll
