"""Database triggers that freeze the bytes of a delivery and the text of a version.

Of a version only its story, its number, its arrival and its reading may change: a person joins and splits
stories, and a later parsing of its delivery may not find it again.

A logged legal erasure (wire/actions/erasing.py) empties the bytes of a delivery within `permit_erasure`.
SQLite lets bytes be emptied at any time, and never be replaced.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from newsroom.db.triggers import (
    column_names,
    execute_all,
    is_postgresql,
    rebuild_triggers,
    set_erasing,
)

CREATE_ON_POSTGRESQL = """
CREATE FUNCTION what_came_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('newsroom.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'row % of % is kept as it came', OLD.id, TG_TABLE_NAME;
END $$;
CREATE TRIGGER delivery_is_kept BEFORE UPDATE OF raw, sha256, size, source_id, received_at
    ON wire_delivery FOR EACH ROW EXECUTE FUNCTION what_came_is_kept();
CREATE FUNCTION version_text_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('newsroom.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{story_id,number,arrived_at,reading}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{story_id,number,arrived_at,reading}'::text[] THEN
        RAISE EXCEPTION 'row % of % is kept as it came', OLD.id, TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_kept BEFORE UPDATE
    ON wire_version FOR EACH ROW EXECUTE FUNCTION version_text_is_kept();
"""
DROP_ON_POSTGRESQL = """
DROP TRIGGER IF EXISTS version_is_kept ON wire_version;
DROP TRIGGER IF EXISTS delivery_is_kept ON wire_delivery;
DROP FUNCTION IF EXISTS version_text_is_kept();
DROP FUNCTION IF EXISTS what_came_is_kept();
"""
MOVABLE_COLUMNS = {"story_id", "number", "arrived_at", "reading"}
CREATE_ON_SQLITE = (
    (
        "CREATE TRIGGER delivery_is_kept BEFORE UPDATE OF sha256, size, source_id, received_at "
        "ON wire_delivery BEGIN SELECT RAISE(ABORT, 'a delivery is kept as it came'); END"
    ),
    (
        "CREATE TRIGGER bytes_are_kept BEFORE UPDATE OF raw ON wire_delivery WHEN length(NEW.raw) > 0 "
        "BEGIN SELECT RAISE(ABORT, 'a delivery is kept as it came'); END"
    ),
    (
        "CREATE TRIGGER version_is_kept BEFORE UPDATE OF {columns} ON wire_version "
        "BEGIN SELECT RAISE(ABORT, 'a version is kept as it came'); END"
    ),
)
DROP_ON_SQLITE = (
    "DROP TRIGGER IF EXISTS version_is_kept",
    "DROP TRIGGER IF EXISTS bytes_are_kept",
    "DROP TRIGGER IF EXISTS delivery_is_kept",
)


def create_triggers(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if is_postgresql(schema_editor):
        schema_editor.execute(CREATE_ON_POSTGRESQL, params=None)
    else:
        columns = [
            name
            for name in column_names(schema_editor, "wire_version")
            if name not in MOVABLE_COLUMNS
        ]
        listed = ", ".join(f'"{name}"' for name in columns)
        execute_all(schema_editor, [sql.format(columns=listed) for sql in CREATE_ON_SQLITE])


def replace_on_postgresql(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Replace the triggers where `rebuild_wire_triggers` leaves them as they are."""
    if is_postgresql(schema_editor):
        drop_triggers(apps, schema_editor)
        create_triggers(apps, schema_editor)


def drop_triggers(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if is_postgresql(schema_editor):
        schema_editor.execute(DROP_ON_POSTGRESQL, params=None)
    else:
        execute_all(schema_editor, DROP_ON_SQLITE)


def rebuild_wire_triggers(operations: Sequence[Operation]) -> list[Operation]:
    """Operations that change the tables of deliveries or versions, with their triggers made anew."""
    return rebuild_triggers(operations, create=create_triggers, drop=drop_triggers)


@contextmanager
def permit_erasure() -> Iterator[None]:
    """Let this transaction empty deliveries within the block. For a logged legal erasure alone."""
    if connection.vendor == "postgresql":
        set_erasing("on")
    yield
    if connection.vendor == "postgresql":
        set_erasing("off")
