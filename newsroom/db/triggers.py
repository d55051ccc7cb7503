"""Migration operations that keep database triggers over a table rebuild.

SQLite has no `ALTER TABLE` for most changes: Django makes the table anew, copies the rows and drops
the old table. The triggers on the table go with it, and a trigger on another table that names it
makes the rename fail.  PostgreSQL alters tables in place; its triggers compare whole rows, so that
they cover new columns without a change.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation

Step = Callable[[Any, BaseDatabaseSchemaEditor], None]


def is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


def column_names(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    """Columns of a table as they are in the database now, in their order."""
    database = schema_editor.connection
    with database.cursor() as cursor:
        return [c.name for c in database.introspection.get_table_description(cursor, table)]


def execute_all(schema_editor: BaseDatabaseSchemaEditor, statements: Sequence[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)


def rebuild_triggers(
    operations: Sequence[Operation], *, create: Step, drop: Step
) -> list[Operation]:
    """The operations between dropping an app's triggers and creating them anew, both ways; SQLite only."""

    def on_sqlite(step: Step) -> Step:
        def run(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
            if not is_postgresql(schema_editor):
                step(apps, schema_editor)

        return run

    return [
        RunPython(on_sqlite(drop), on_sqlite(create)),
        *operations,
        RunPython(on_sqlite(create), on_sqlite(drop)),
    ]


def set_erasing(value: str) -> None:
    """Set PostgreSQL's `newsroom.erasing` until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('newsroom.erasing', %s, true)", [value])
