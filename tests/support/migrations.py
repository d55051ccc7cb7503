"""A migration that adds fields to articles and editions, run forwards and backwards by the tests."""

from django.db import connection, models
from django.db.migrations import AddField, Migration
from django.db.migrations.executor import MigrationExecutor

from articles.triggers import rebuild_edition_triggers


class NewFields(Migration):
    """Adds a nullable column to articles and one with a default to editions."""

    operations = rebuild_edition_triggers(
        [
            AddField("article", "tested_at", models.DateTimeField(null=True)),
            AddField("edition", "tested", models.CharField(max_length=80, default="")),
        ]
    )


def field_migration() -> Migration:
    return NewFields("0099_new_fields", "articles")


def run_migration(migration: Migration, *, backwards: bool = False) -> None:
    state = MigrationExecutor(connection).loader.project_state()
    with connection.schema_editor(atomic=True) as schema_editor:
        if backwards:
            migration.unapply(state, schema_editor)
        else:
            migration.apply(state, schema_editor)
