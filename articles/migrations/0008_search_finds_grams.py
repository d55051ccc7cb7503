"""Where grams are looked up: a column with a GIN index on PostgreSQL, an FTS5 table on SQLite.

Neither keeps positions: whether the grams of a word stand in one place is judged on the text.  On
SQLite the rows of the table go with the rows they belong to; their numbers are their places.
"""

from django.db import migrations

COLUMN = (
    "ALTER TABLE articles_searchrow ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX articles_searchrow_words ON articles_searchrow USING gin (words)",
)
TABLE = (
    "CREATE VIRTUAL TABLE articles_searchwords USING fts5(grams, detail=none, columnsize=0, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_#@'\")",
    "CREATE TRIGGER search_words_go AFTER DELETE ON articles_searchrow "
    "BEGIN DELETE FROM articles_searchwords WHERE rowid = OLD.place; END",
    "CREATE TRIGGER search_words_change AFTER UPDATE ON articles_searchrow "
    "BEGIN DELETE FROM articles_searchwords WHERE rowid = OLD.place; END",
)


def make(apps, schema_editor):
    for statement in COLUMN if schema_editor.connection.vendor == "postgresql" else TABLE:
        schema_editor.execute(statement)


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE articles_searchrow DROP COLUMN words")
        return
    schema_editor.execute("DROP TRIGGER search_words_go")
    schema_editor.execute("DROP TRIGGER search_words_change")
    schema_editor.execute("DROP TABLE articles_searchwords")


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_search_knows_its_articles")]
    operations = [migrations.RunPython(make, take_away)]
