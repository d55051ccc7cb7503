"""The marker of a legal erasure, and the triggers of editions anew, which look for it (SQLite)."""

from django.db import migrations, models

from articles.triggers import rebuild_edition_triggers


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_count_referrers")]
    operations = rebuild_edition_triggers(
        [
            migrations.CreateModel(
                name="ErasurePermit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                ],
                options={"default_permissions": ()},
            ),
        ]
    )
