"""The change feed: the latest change of each article, and on each article what was said of it last."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, F, Q, When

from newsroom.db.literals import IntegerLiteral


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_search_finds_grams")]

    operations = [
        # With a default of the database's, in place: see 0007.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE articles_article ADD COLUMN told bigint NOT NULL DEFAULT 0",
                    "ALTER TABLE articles_article DROP COLUMN told",
                )
            ],
            state_operations=[
                migrations.AddField(
                    "article",
                    "told",
                    models.BigIntegerField(default=0, db_default=0, editable=False),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=~Q(
                    told=Case(
                        When(live__isnull=False, then=F("live_id")),
                        When(withdrawn_at__isnull=False, then=IntegerLiteral(-1)),
                        default=IntegerLiteral(0),
                    )
                ),
                fields=["id"],
                name="not_told_yet",
            ),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="change",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("place", models.BigIntegerField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("published", "published"),
                            ("updated", "updated"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={"ordering": ["place"]},
        ),
    ]
