"""A permanent identifier of each article (UUID, RFC 9562), the same whatever its address is.

In place, because SQLite would make the whole table anew, without the triggers that guard it (see 0007).
The database fills in what it has: PostgreSQL by the column's default, which also serves the version
before this column while that still runs; SQLite, whose new columns take no default that differs from row
to row, by an update.
"""

import uuid
from importlib import import_module

from django.db import migrations, models

GUARD = import_module("articles.migrations.0002_editions_are_frozen").FREEZE_SQLITE[1]
POSTGRESQL = (
    "ALTER TABLE articles_article ADD COLUMN uid uuid NOT NULL DEFAULT gen_random_uuid()",
    "ALTER TABLE articles_article ADD CONSTRAINT articles_article_uid_key UNIQUE (uid)",
)
# Version 4, variant 1, as 32 hexadecimal digits: how Django keeps a UUID here.
RANDOM_UUID = """lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) ||
  substr('89AB', 1 + abs(random() % 4), 1) || substr(hex(randomblob(8)), 2))"""
SQLITE = (
    "ALTER TABLE articles_article ADD COLUMN uid char(32) NULL",
    f"UPDATE articles_article SET uid = {RANDOM_UUID}",
    "CREATE UNIQUE INDEX articles_article_uid_key ON articles_article (uid)",
)


def add(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if on_postgresql else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_article DROP COLUMN uid")
        return
    # Django makes the table anew, of the columns it knows here, whether the column was added by this
    # migration or made anew, with a constraint on it, by a later one.
    schema_editor.execute("DROP INDEX IF EXISTS articles_article_uid_key")
    schema_editor._remake_table(apps.get_model("articles", "Article"))
    schema_editor.execute("DROP TRIGGER IF EXISTS live_edition_is_its_own")
    schema_editor.execute(GUARD)


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_months_are_counted")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[
                migrations.AddField(
                    "article",
                    "uid",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                )
            ],
        ),
    ]
