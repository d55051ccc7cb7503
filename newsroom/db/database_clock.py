"""The moment at which a question is asked of the database; the clock by which plans are due."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField
from django.utils import timezone

from newsroom.db.compiled_queries import DeferredParam, ParamValues


class CurrentTime(DeferredParam):
    """The time when the query runs, not when it was put together: some are kept
    (articles/read_queries.py).

    By our clock, as everything else that compares with it is; a database's `now()` stands still for
    the length of a transaction. A kept question has one moment.
    """

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def value(self, given: ParamValues, connection: Any) -> Any:
        return connection.ops.adapt_datetimefield_value(timezone.now())


def database_now() -> datetime:
    """The time by which it is judged whether a plan is due: the database server's, the same for every
    worker, however their own clocks stand. SQLite has none but this machine's."""
    return database_server_now() if connection.vendor == "postgresql" else timezone.now()


def database_server_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment
