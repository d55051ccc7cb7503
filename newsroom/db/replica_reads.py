"""Reads from a streaming replica of PostgreSQL that are never older than the request.

At the first compiled query of a public read, the primary says how far its log is written, the replica how
far it has replayed it. Where that is as far, the replica has every commit before the query, as the primary
has, so that the response cache and its tokens need not know which of the two answered. In all other cases
the primary answers: the replica lags, is stopped, frozen, promoted or gone (docs/scaling.md).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connections

from newsroom import clock

REPLICA_ALIAS = "replica"
RETRY_AFTER_LAG_SECONDS = 0.02
RETRY_AFTER_FAILURE_SECONDS = 5.0
# Of insertion, not of flushing: a commit may be visible before it is flushed (synchronous_commit).
PRIMARY_POSITION = "SELECT pg_current_wal_insert_lsn()::text"
HAS_REPLAYED = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"


class ReplicaRead(threading.local):
    """Of the request of this thread: whether it may read from the replica, and whether that is current,
    None where it was not asked yet."""

    is_allowed = False
    is_current: bool | None = None


class ReplicaAvailability:
    """When the replica is asked again after it lagged or failed; for all threads of the process."""

    def __init__(self) -> None:
        self.retry_at = float("-inf")

    def is_due(self) -> bool:
        return clock.monotonic() >= self.retry_at

    def retry_in(self, seconds: float) -> None:
        self.retry_at = clock.monotonic() + seconds


replica_read = ReplicaRead()
availability = ReplicaAvailability()


def has_replica() -> bool:
    return REPLICA_ALIAS in connections.settings


@contextmanager
def replica_reads() -> Iterator[None]:
    """Context manager: compiled queries of this thread may be executed by the replica."""
    replica_read.is_allowed, replica_read.is_current = True, None
    try:
        yield
    finally:
        replica_read.is_allowed = False


def read_from_replica(primary: Any, read: Callable[[Any], list[Any]]) -> list[Any]:
    """The rows that `read` returns for a connection: that of the replica where it may and can answer, else
    that of the primary."""
    if replica_read.is_allowed and not primary.in_atomic_block and is_replica_current(primary):
        replica = connections[REPLICA_ALIAS]
        # The tables that a response depends on are collected by a wrapper.
        replica.execute_wrappers = primary.execute_wrappers
        try:
            return read(replica)
        except Error:
            give_up(replica)
        finally:
            replica.execute_wrappers = []
    return read(primary)


def is_replica_current(primary: Any) -> bool:
    """Whether the replica has every commit before the first query of this request. Asked once a request."""
    if replica_read.is_current is None:
        replica_read.is_current = availability.is_due() and has_replayed_all_of(primary)
    return replica_read.is_current


def has_replayed_all_of(primary: Any) -> bool:
    position = fetch_value(primary, PRIMARY_POSITION)
    replica = connections[REPLICA_ALIAS]
    try:
        has_replayed = bool(fetch_value(replica, HAS_REPLAYED, [position]))
    except Error:
        give_up(replica)
        return False
    if not has_replayed:
        availability.retry_in(RETRY_AFTER_LAG_SECONDS)
    return has_replayed


def fetch_value(connection: Any, sql: str, params: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def give_up(replica: Any) -> None:
    """Leave the replica alone for a while; this request asks it no more."""
    replica_read.is_current = False
    availability.retry_in(RETRY_AFTER_FAILURE_SECONDS)
    replica.close()
