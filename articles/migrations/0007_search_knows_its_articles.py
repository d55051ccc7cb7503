"""Rows for search, and on each article which edition search has taken in.

By a column beside the pointer and an index of those where the two differ, whoever takes stories in
finds what is left to do at once, out of a million articles; publishing itself does nothing for it.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import newsroom.db.literals


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_editions_with_photos_are_known")]

    operations = [
        # With a default of the database's, in place: SQLite would make the whole table anew for one of
        # Django's, without the triggers that guard it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE articles_article ADD COLUMN indexed bigint NOT NULL DEFAULT 0",
                    "ALTER TABLE articles_article DROP COLUMN indexed",
                )
            ],
            state_operations=[
                migrations.AddField(
                    "article",
                    "indexed",
                    models.BigIntegerField(default=0, db_default=0, editable=False),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(
                    (
                        "indexed",
                        django.db.models.functions.comparison.Coalesce(
                            models.F("live_id"), newsroom.db.literals.IntegerLiteral(0)
                        ),
                    ),
                    _negated=True,
                ),
                fields=["id"],
                name="not_indexed_yet",
            ),
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="searched",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("edition_id", models.BigIntegerField()),
                ("place", models.BigIntegerField(unique=True)),
                ("text", models.TextField()),
            ],
        ),
    ]
