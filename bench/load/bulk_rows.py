"""Bulk inserts: COPY into PostgreSQL, executemany into SQLite.

What a row does not say has its field's default, as if the model had been saved.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.fields import AutoField

from newsroom.search.inverted_index import is_postgres

Row = Sequence[Any]
BULK_LOAD_SETTINGS = (
    "session_replication_role = replica",
    "synchronous_commit = off",
    "maintenance_work_mem = '2GB'",
)
COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def insert_rows(model: type[Model], given: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows of this model; columns that are not given have their field's default."""
    rest = column_defaults(model, tuple(given))
    insert_into_table(
        model._meta.db_table, [*given, *rest], ((*row, *rest.values()) for row in rows)
    )


def insert_into_table(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if is_postgres():
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copying:
                copying.write("".join("\t".join(map(copy_value, row)) + "\n" for row in rows))
        else:
            holes = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({holes})", list(rows))


def copy_value(value: Any) -> str:
    """A value in the text format of COPY."""
    if isinstance(value, str):
        # Most texts have nothing to escape, and translate() takes a quarter of the loader's time.
        has_escapes = "\\" in value or "\t" in value or "\n" in value or "\r" in value
        return value.translate(COPY_ESCAPES) if has_escapes else value
    return r"\N" if value is None else str(value)


@cache
def column_defaults(model: type[Model], given: tuple[str, ...]) -> dict[str, Any]:
    """Defaults of the columns that are not given, as database values."""
    return {
        str(field.column): json.dumps(field.get_default())
        if isinstance(field, JSONField)
        else field.get_default()
        for field in model._meta.concrete_fields
        if field.column not in given and not isinstance(field, AutoField)
    }


def database_datetime(at: datetime) -> Any:
    """A datetime as this database stores it."""
    return connection.ops.adapt_datetimefield_value(at)


def execute_sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def constraints_disabled() -> Iterator[None]:
    """Disable foreign-key checks in the block, where the role is allowed to: all rows come from here."""
    free = (
        is_postgres()
        and execute_sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0]
    )
    for setting in BULK_LOAD_SETTINGS if free else ():
        execute_sql(f"SET {setting}")
    try:
        yield
    finally:
        for setting in BULK_LOAD_SETTINGS if free else ():
            execute_sql(f"RESET {setting.partition(' ')[0]}")
