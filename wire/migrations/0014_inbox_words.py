"""Inverted index of the inbox: a tsvector column with a GIN index on PostgreSQL, an FTS5 table on SQLite.

As the index of articles (articles, migration 0003): neither keeps positions, and on SQLite the rows of the table go
with the rows they belong to, by triggers; their row ids are the sort keys of those.
"""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE wire_indexedversion ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX wire_indexedversion_words ON wire_indexedversion USING gin (words)",
)
SQLITE = (
    "CREATE VIRTUAL TABLE wire_indexedwords USING fts5(grams, detail=none, columnsize=0, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_%'\")",
    "CREATE TRIGGER inbox_words_go AFTER DELETE ON wire_indexedversion "
    "BEGIN DELETE FROM wire_indexedwords WHERE rowid = OLD.sort_key; END",
    "CREATE TRIGGER inbox_words_change AFTER UPDATE ON wire_indexedversion "
    "BEGIN DELETE FROM wire_indexedwords WHERE rowid = OLD.sort_key; END",
)


def create_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE wire_indexedversion DROP COLUMN words")
        return
    schema_editor.execute("DROP TRIGGER inbox_words_go")
    schema_editor.execute("DROP TRIGGER inbox_words_change")
    schema_editor.execute("DROP TABLE wire_indexedwords")


class Migration(migrations.Migration):
    dependencies = [("wire", "0013_index_versions")]
    operations = [migrations.RunPython(create_index, drop_index)]
