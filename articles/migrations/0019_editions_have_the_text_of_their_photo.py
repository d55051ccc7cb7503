"""What is said of the lead photo, as it was frozen; nullable, so that SQLite adds it without a new table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0018_feeds_know_when_they_changed'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='lead_photo_text',
            field=models.JSONField(null=True),
        ),
    ]
