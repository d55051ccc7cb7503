"""Django's PostgreSQL backend for a streaming replica: every wait for its answer has an end.

A frozen server acknowledges bytes without answering, which no timeout of libpq notices; the primary could
have answered meanwhile.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from psycopg import IsolationLevel

MAX_ANSWER_SECONDS = 1.0


class ReplicaConnection(psycopg.Connection[Any]):
    """A connection whose statements fail with an OperationalError after MAX_ANSWER_SECONDS."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        return super().wait(gen, interval, MAX_ANSWER_SECONDS if timeout is None else timeout)


class DatabaseWrapper(PostgreSQL):
    """Connections to the replica, with the options of the settings but for a pool."""

    def get_new_connection(self, conn_params: Any) -> Any:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return ReplicaConnection.connect(**conn_params)
