"""A story may say of its lead photo what the library does not."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0006_notices_to_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='lead_photo_text',
            field=models.JSONField(default=dict, editable=False, verbose_name='words of the lead photo'),
        ),
    ]
