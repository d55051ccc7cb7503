"""Uploads are decoded by a worker: a photo says how far that is, and a queue says what is due.

Photos that are here already were decoded when they were uploaded: they are ready.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="state",
            field=models.CharField(
                choices=[
                    ("processing", "being processed"),
                    ("ready", "ready"),
                    ("failed", "could not be read"),
                ],
                default="ready",
                editable=False,
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="failure",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("state", "ready"), _negated=True),
                fields=["state"],
                name="photos_unready",
            ),
        ),
        migrations.CreateModel(
            name="PendingUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("original", models.CharField(max_length=200)),
                ("next_attempt_at", models.DateTimeField(db_index=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="media.photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "pending upload",
                "verbose_name_plural": "pending uploads",
            },
        ),
    ]
