"""A source says after how long a silence somebody should look."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wire', '0004_stories_know_their_embargo'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='idle_after',
            field=models.PositiveIntegerField(blank=True, help_text='Nothing for longer than this, and we say so. Empty: no alarm.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='idle alarm after (minutes)'),
        ),
        migrations.AddField(
            model_name='source',
            name='quiet_from',
            field=models.TimeField(blank=True, help_text='No alarm between these hours.', null=True, verbose_name='quiet from'),
        ),
        migrations.AddField(
            model_name='source',
            name='quiet_until',
            field=models.TimeField(blank=True, null=True, verbose_name='quiet until'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['source', '-received_at'], name='deliveries_of_a_source'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='quiet_hours_begin_and_end', violation_error_message='Quiet hours need a beginning and another end.'),
        ),
    ]
