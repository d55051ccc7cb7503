"""The pin that reports have taken from a comment, for the moderator who shows it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0023_pin_before_a_decision")]

    operations = [
        migrations.AddField(
            "moderationitem",
            "former_pinned_at",
            models.DateTimeField(null=True, editable=False),
        ),
    ]
