"""Database triggers that freeze editions and keep an article's live edition its own.

The ORM refuses to change an edition; these refuse everybody else.  `body_html` is the one column
that may be rendered again from the same body.  On PostgreSQL a row cannot be deleted either.  SQLite,
whose tables Django's tests empty by DELETE, refuses changes only.

A logged legal erasure (desk/actions/legal/erasing.py) passes them by `permit_erasure`, which holds
within its transaction: on PostgreSQL a local setting, on SQLite a row that is deleted before the commit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from articles.models.erasure import ErasurePermit
from newsroom.db.triggers import (
    column_names,
    execute_all,
    is_postgresql,
    rebuild_triggers,
    set_erasing,
)

CHANGEABLE_COLUMNS = {"id", "body_html"}
CREATE_ON_POSTGRESQL = """
CREATE FUNCTION edition_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('newsroom.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' OR
       to_jsonb(OLD) - 'body_html' IS DISTINCT FROM to_jsonb(NEW) - 'body_html' THEN
        RAISE EXCEPTION 'edition % is frozen', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_is_frozen BEFORE UPDATE OR DELETE ON articles_edition
    FOR EACH ROW EXECUTE FUNCTION edition_is_frozen();
ALTER TABLE articles_edition ADD CONSTRAINT edition_belongs UNIQUE (article_id, id);
ALTER TABLE articles_article ADD CONSTRAINT live_edition_is_its_own
    FOREIGN KEY (id, live_id) REFERENCES articles_edition (article_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP_ON_POSTGRESQL = """
ALTER TABLE articles_article DROP CONSTRAINT live_edition_is_its_own;
ALTER TABLE articles_edition DROP CONSTRAINT edition_belongs;
DROP TRIGGER edition_is_frozen ON articles_edition;
DROP FUNCTION edition_is_frozen();
"""
FREEZE_ON_SQLITE = (
    "CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {columns} ON articles_edition {condition}"
    "BEGIN SELECT RAISE(ABORT, 'edition is frozen'); END"
)
UNLESS_PERMITTED_ON_SQLITE = "WHEN NOT EXISTS (SELECT 1 FROM articles_erasurepermit) "
OWN_EDITION_ON_SQLITE = (
    "CREATE TRIGGER live_edition_is_its_own BEFORE UPDATE OF live_id ON articles_article "
    "WHEN NEW.live_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM articles_edition e WHERE e.id = NEW.live_id AND e.article_id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the live edition is not its own'); END"
)
DROP_ON_SQLITE = (
    "DROP TRIGGER IF EXISTS edition_is_frozen",
    "DROP TRIGGER IF EXISTS live_edition_is_its_own",
)


def create_edition_triggers(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Freeze every column the table has now but `CHANGEABLE_COLUMNS`."""
    if is_postgresql(schema_editor):
        schema_editor.execute(CREATE_ON_POSTGRESQL, params=None)
        return
    columns = [
        c for c in column_names(schema_editor, "articles_edition") if c not in CHANGEABLE_COLUMNS
    ]
    # The table of permits came later than the triggers: a migration makes them anew with it.
    tables = schema_editor.connection.introspection.table_names()
    condition = UNLESS_PERMITTED_ON_SQLITE if "articles_erasurepermit" in tables else ""
    freeze = FREEZE_ON_SQLITE.format(columns=", ".join(columns), condition=condition)
    execute_all(schema_editor, (freeze, OWN_EDITION_ON_SQLITE))


def drop_edition_triggers(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if is_postgresql(schema_editor):
        schema_editor.execute(DROP_ON_POSTGRESQL, params=None)
    else:
        execute_all(schema_editor, DROP_ON_SQLITE)


def rebuild_edition_triggers(operations: Sequence[Operation]) -> list[Operation]:
    """Operations of a migration that changes articles or editions, with the triggers made anew."""
    return rebuild_triggers(operations, create=create_edition_triggers, drop=drop_edition_triggers)


@contextmanager
def permit_erasure() -> Iterator[None]:
    """Let this transaction change editions within the block. For a logged legal erasure alone."""
    if connection.vendor == "postgresql":
        set_erasing("on")
        yield
        set_erasing("off")
    else:
        permit = ErasurePermit.objects.create()
        yield
        permit.delete()
