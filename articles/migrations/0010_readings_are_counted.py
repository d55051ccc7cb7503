"""How often articles are read: by the hour, and what waits to be counted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_readers_can_follow_changes")]

    operations = [
        migrations.CreateModel(
            name="CountedBatch",
            fields=[
                ("uid", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("article_id", models.BigIntegerField()),
                ("at", models.DateTimeField(db_index=True)),
                ("waiting", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("waiting__gt", 0)),
                        fields=["key"],
                        name="readings_not_counted",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadHour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("views", models.PositiveBigIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_hours",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["hour", "article", "views"], name="read_in_these_hours")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "hour"), name="an_hour_is_counted_once"
                    )
                ],
            },
        ),
    ]
