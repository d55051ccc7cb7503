"""SQLite clock functions that answer the fixed time of this process, on every connection."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

DATE_FUNCTIONS = ("strftime", "datetime", "date", "time", "julianday", "unixepoch")


def fix_sqlite_clock() -> None:
    """Replace the date functions of SQLite on all connections that are opened from now on."""
    plain = sqlite3.connect(":memory:", check_same_thread=False)

    def replace_functions(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        for name in DATE_FUNCTIONS:
            connection.connection.create_function(name, -1, date_function(plain, name))

    connection_created.connect(replace_functions, weak=False)


def date_function(plain: sqlite3.Connection, name: str) -> Callable[..., Any]:
    """The SQL function with `now` read from Python's clock; `plain` computes it."""

    def call(*arguments: Any) -> Any:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        values = [now if isinstance(a, str) and a.lower() == "now" else a for a in arguments]
        marks = ",".join("?" * len(values))
        return plain.execute(f"SELECT {name}({marks})", values).fetchone()[0]

    return call
