"""Inverted index of search: a tsvector column with a GIN index on PostgreSQL, an FTS5 table on SQLite.

Neither keeps positions: whether the n-grams of a word are adjacent is decided on the text.  On SQLite the rows of
the table go with the rows they belong to, by triggers; their row ids are the sort keys of those.
"""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE articles_searchrow ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX articles_searchrow_words ON articles_searchrow USING gin (words)",
)
SQLITE = (
    "CREATE VIRTUAL TABLE articles_searchwords USING fts5(grams, detail=none, columnsize=0, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_#@'\")",
    "CREATE TRIGGER search_words_go AFTER DELETE ON articles_searchrow "
    "BEGIN DELETE FROM articles_searchwords WHERE rowid = OLD.sort_key; END",
    "CREATE TRIGGER search_words_change AFTER UPDATE ON articles_searchrow "
    "BEGIN DELETE FROM articles_searchwords WHERE rowid = OLD.sort_key; END",
)


def create_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_searchrow DROP COLUMN words")
        return
    schema_editor.execute("DROP TRIGGER search_words_go")
    schema_editor.execute("DROP TRIGGER search_words_change")
    schema_editor.execute("DROP TABLE articles_searchwords")


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_freeze_editions")]
    operations = [migrations.RunPython(create_index, drop_index)]
