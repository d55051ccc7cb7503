"""What is said of the lead photo, as it was frozen; nullable, so that SQLite adds it without a new table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0016_months_are_counted'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='lead_photo_text',
            field=models.JSONField(null=True),
        ),
    ]
