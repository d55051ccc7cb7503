"""The pin that a decision has taken from a comment, for its undoing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0017_surge_alerts")]

    operations = [
        migrations.AddField("decision", "former_pinned_at", models.DateTimeField(null=True)),
    ]
