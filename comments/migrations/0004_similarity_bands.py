"""Bands of the SimHash of recent comments, by which near-duplicates are looked up."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("comments", "0003_writers_before_are_known")]

    operations = [
        migrations.CreateModel(
            name="SimilarityBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("band", models.PositiveSmallIntegerField()),
                ("posted_at", models.DateTimeField(db_default=Now(), db_index=True)),
                ("article", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article")),
                ("comment", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="comments.comment")),
            ],
            options={"indexes": [models.Index(fields=["article", "band", "posted_at", "comment"], name="comments_by_band")]},
        ),
    ]
