"""Rows of authors and tags know when their story was first published; their lists are read off an index."""

from django.db import migrations, models

FILL = """
UPDATE {table} SET first_published_at =
  (SELECT first_published_at FROM articles_article WHERE id = {table}.article_id)
"""


def fill(apps, schema_editor):
    for table in ("articles_byline", "articles_tagging"):
        schema_editor.execute(FILL.format(table=table))


class Migration(migrations.Migration):
    # The rows are written and the columns made strict in steps of their own: PostgreSQL alters no table
    # with triggers that wait.
    atomic = False
    dependencies = [("articles", "0014_words_of_live_stories_are_taken_in_again")]

    operations = [
        *(
            migrations.AddField(model, "first_published_at", models.DateTimeField(null=True))
            for model in ("byline", "tagging")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AlterField(model, "first_published_at", models.DateTimeField())
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
    ]
