"""Editions that were frozen before get the present words of their lead photo, which then are frozen too."""

from importlib import import_module

from django.db import migrations

FROZEN = import_module("articles.migrations.0002_editions_are_frozen")
FILL = """
UPDATE articles_edition SET lead_photo_text = (
    SELECT {build}('alt', p.alt, 'caption', p.caption, 'credit', p.credit)
    FROM media_photo p WHERE p.id = articles_edition.lead_photo_id
) WHERE lead_photo_id IS NOT NULL AND lead_photo_text IS NULL
"""
GUARD = (
    "CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {columns} ON articles_edition "
    "BEGIN SELECT RAISE(ABORT, 'edition is frozen'); END"
)


def freeze_photo_text(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # The trigger compares whole rows, so that it guards the new column from now on as it is.
        schema_editor.execute("SET LOCAL newsroom.erasing = 'on'")
        schema_editor.execute(FILL.format(build="jsonb_build_object"))
        schema_editor.execute("SET LOCAL newsroom.erasing = 'off'")
    else:
        schema_editor.execute(FILL.format(build="json_object"))
        guard(schema_editor, f"{FROZEN.FROZEN_COLUMNS}, lead_photo_text")


def guard(schema_editor, columns):
    """SQLite's trigger names the columns that nobody changes."""
    schema_editor.execute("DROP TRIGGER IF EXISTS edition_is_frozen")
    schema_editor.execute(GUARD.format(columns=columns))


def thaw_photo_text(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        guard(schema_editor, FROZEN.FROZEN_COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_editions_have_the_text_of_their_photo"), ("media", "0001_initial")]
    operations = [migrations.RunPython(freeze_photo_text, thaw_photo_text)]
