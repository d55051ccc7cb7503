"""From where people sign in, as keyed digests; alerts of many failed sign-ins."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_one_account_holds_an_address'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('seen_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_clients', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'known client',
                'verbose_name_plural': 'known clients',
                'constraints': [models.UniqueConstraint(fields=('user', 'digest'), name='one_row_per_known_client')],
            },
        ),
        migrations.CreateModel(
            name='SignInAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('failures', models.PositiveIntegerField(verbose_name='failures')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('mailed_at', models.DateTimeField(null=True, verbose_name='mailed')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'failed sign-ins',
                'verbose_name_plural': 'failed sign-ins',
                'indexes': [models.Index(fields=['digest', '-at'], name='alerts_of_an_address')],
            },
        ),
    ]
