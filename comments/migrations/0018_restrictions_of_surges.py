"""What moderators restricted from an alert about a surge, and the policy before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0017_surge_alerts'),
    ]

    operations = [
        migrations.AddField(
            model_name='surgealert',
            name='former_mode',
            field=models.CharField(blank=True, default='', editable=False, max_length=7),
        ),
        migrations.AddField(
            model_name='surgealert',
            name='former_slow_seconds',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='surgealert',
            name='restricted_version',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]
