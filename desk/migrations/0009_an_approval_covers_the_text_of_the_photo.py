"""What was approved of a story with a photo includes what the library said of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0008_stories_know_who_set_a_guarded_field'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='approved_photo_text',
            field=models.JSONField(editable=False, null=True),
        ),
    ]
