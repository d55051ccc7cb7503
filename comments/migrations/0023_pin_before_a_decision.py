"""The pin that a decision has taken from a comment, for its undoing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0022_join_requests_and_queue_notices")]

    operations = [
        migrations.AddField("decision", "former_pinned_at", models.DateTimeField(null=True)),
    ]
