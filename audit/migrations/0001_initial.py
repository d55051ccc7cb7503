from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='at')),
                ('by', models.BigIntegerField(null=True, verbose_name='account')),
                ('by_name', models.CharField(max_length=254, verbose_name='name then')),
                ('verb', models.CharField(max_length=40, verbose_name='did')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('subject', models.CharField(max_length=60, verbose_name='number')),
                ('label', models.CharField(max_length=250, verbose_name='what')),
                ('details', models.JSONField(default=dict, verbose_name='details')),
            ],
            options={
                'verbose_name': 'audit log entry',
                'verbose_name_plural': 'audit log',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['kind', 'subject', '-at'], name='entries_of_a_thing')],
            },
        ),
    ]
