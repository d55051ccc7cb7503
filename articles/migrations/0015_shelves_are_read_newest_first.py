"""Rows of authors and tags know when their story was first published; their lists are read off an index."""

from django.db import migrations, models
from django.db.models.functions import Now

FILL = """
UPDATE {table} SET first_published_at = COALESCE(
  (SELECT first_published_at FROM articles_article WHERE id = {table}.article_id),
  first_published_at)
"""


def fill(apps, schema_editor):
    for table in ("articles_byline", "articles_tagging"):
        schema_editor.execute(FILL.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_words_of_live_stories_are_taken_in_again")]

    operations = [
        # With a default of the database's own: the version before writes rows without it.
        *(
            migrations.AddField(
                model, "first_published_at", models.DateTimeField(db_default=Now())
            )
            for model in ("byline", "tagging")
        ),
        migrations.AddIndex(
            "byline",
            models.Index(
                fields=["author", "-first_published_at", "-article"], name="newest_of_an_author"
            ),
        ),
        migrations.AddIndex(
            "tagging",
            models.Index(
                fields=["tag", "-first_published_at", "-article"], name="newest_of_a_tag"
            ),
        ),
        # Last: PostgreSQL alters no table with triggers that wait.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
