"""Who set an embargo, an end, the comments or the address of a story; nobody is known for those of before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0007_stories_have_their_own_text_of_a_photo'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='field_setters',
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
