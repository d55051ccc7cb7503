"""The last check of the counts of comments and reactions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comments", "0015_procedures"),
    ]

    operations = [
        migrations.CreateModel(
            name='CountCheck',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('drift', models.PositiveIntegerField(default=0)),
                ('checked_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'check of comment counts',
                'verbose_name_plural': 'checks of comment counts',
                'default_permissions': (),
            },
        ),
    ]
