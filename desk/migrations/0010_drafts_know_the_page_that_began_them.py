"""A draft knows the page that began it, so that a page sent twice begins one story."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0016_months_are_counted'),
        ('desk', '0009_an_approval_covers_the_text_of_the_photo'),
        ('media', '0001_initial'),
        ('polls', '0003_the_next_opening_is_found_at_once'),
        ('wire', '0005_sources_have_an_idle_alarm'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='form_token',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('form_token__isnull', False)), fields=('created_by', 'form_token'), name='one_draft_per_person_and_form'),
        ),
    ]
