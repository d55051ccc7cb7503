"""The pin that reports have taken from a comment, for the moderator who shows it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0024_newest_first_alone")]

    operations = [
        migrations.AddField(
            "moderationitem",
            "former_pinned_at",
            models.DateTimeField(null=True, editable=False),
        ),
    ]
