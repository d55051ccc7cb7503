"""Schema snapshot: the tables and rows that the migrations make, as SQL for an empty SQLite database.

Migrations applied one by one take three seconds, nearly all of it for the state of 70 models between them.
The snapshot takes a twentieth. `python -m newsroom.db.schema_snapshot` (`make schema`) writes it.

Its head lists the migrations in it with a hash of their source. Where one was changed, renamed or removed
since, the snapshot is not used; newer migrations are applied on top of it. So it may be behind, and is
never wrong (tests/newsroom/db/test_schema_snapshot.py).
"""

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

MODULE = "newsroom.db.schema_snapshot"
SNAPSHOT_FILE = Path(__file__).with_name("schema_snapshot.sql")
HEADER_PREFIX = "-- migration "
# The column that tells when its row was written.
RECORDED_AT = ("django_migrations", "applied")
COUNTERS = "sqlite_sequence"  # of AUTOINCREMENT, SQLite's own
CLEAR_COUNTERS = "DELETE FROM sqlite_sequence;\n"


def load_schema_snapshot(executor: MigrationExecutor) -> None:
    """Load the snapshot, where it fits, into the empty database; the executor knows what it has applied.

    It does not fit on PostgreSQL, into a database with tables, nor beside other sources of its migrations.
    """
    script = SNAPSHOT_FILE.read_text("utf-8")
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        return
    if not is_of_these_migrations(script, executor.loader):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Another process may have made the tables since.
        if not connection.introspection.table_names(cursor):
            for statement in split_statements(script):
                cursor.execute(statement)
    executor.loader.build_graph()


def is_of_these_migrations(script: str, loader: MigrationLoader) -> bool:
    """Whether every migration of the snapshot is there with the source that it had."""
    head = {line for line in script.splitlines() if line.startswith(HEADER_PREFIX)}
    return head <= set(header_lines(loader))


def header_lines(loader: MigrationLoader) -> list[str]:
    """A line for each migration: app, name, and a hash of its source."""
    lines = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        source = Path(str(sys.modules[type(migration).__module__].__file__)).read_bytes()
        lines.append(f"{HEADER_PREFIX}{app} {name} {hashlib.sha256(source).hexdigest()[:16]}")
    return lines


def split_statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger's body has semicolons of its own. Raises ValueError where it
    ends within one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.endswith(";\n") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"{SNAPSHOT_FILE.name} ends within a statement: {statement[:80]}")


def dump_database(cursor: CursorWrapper) -> Iterator[str]:
    """Statements that make the tables, rows, indexes and triggers of a database anew."""
    cursor.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
    shadows = {name for (name,) in cursor.fetchall()}  # full-text search makes them itself
    cursor.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    objects = [row for row in cursor.fetchall() if row[1] not in {*shadows, COUNTERS}]
    tables = [row for row in objects if row[0] == "table"]
    yield from (f"{sql};\n" for _kind, _name, sql in tables)
    for _kind, name, _sql in tables:
        yield from dump_rows(cursor, name)
    yield CLEAR_COUNTERS  # which have counted the rows inserted above
    yield from dump_rows(cursor, COUNTERS)
    yield from (f"{sql};\n" for kind, _name, sql in objects if kind != "table")


def dump_rows(cursor: CursorWrapper, table: str) -> Iterator[str]:
    """One INSERT of all rows of a table; none where it is empty."""
    cursor.execute("SELECT name FROM pragma_table_info(%s)", [table])
    names = [name for (name,) in cursor.fetchall()]
    values = " || ', ' || ".join(
        "'CURRENT_TIMESTAMP'" if (table, name) == RECORDED_AT else f'quote("{name}")'
        for name in names
    )
    cursor.execute(f'SELECT {values} FROM "{table}" ORDER BY rowid')  # noqa: S608 -- our own tables
    if rows := [f"({row})" for (row,) in cursor.fetchall()]:
        columns = ", ".join(f'"{name}"' for name in names)
        yield f'INSERT INTO "{table}" ({columns}) VALUES\n' + ",\n".join(rows) + ";\n"


def write_schema_snapshot() -> None:
    """Apply all migrations to the database and write what they have made. Raises RuntimeError unless it is
    empty."""
    if connection.introspection.table_names():
        raise RuntimeError("The schema snapshot is written of an empty database.")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    with connection.cursor() as cursor:
        statements = list(dump_database(cursor))
    head = [
        "-- Written by `make schema` (newsroom/db/schema_snapshot.py).",
        *header_lines(MigrationLoader(connection)),
    ]
    SNAPSHOT_FILE.write_text("\n".join([*head, "", *statements]), "utf-8")


def main() -> None:
    """Write the snapshot in a process of its own: the settings of this one are read by now."""
    code = f"import django, {MODULE} as snapshot; django.setup(); snapshot.write_schema_snapshot()"
    with tempfile.TemporaryDirectory() as folder:
        own = {"NEWSROOM_DATA": folder, "DATABASE_URL": "", "SECRET_KEY": folder * 4}
        settings = {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        environment = os.environ | own | settings
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)  # noqa: S603 -- our own code


if __name__ == "__main__":
    main()
