"""Sessions and tokens carry the security stamp of the moment they began."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='security_stamp',
            field=models.CharField(default='', editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name='token',
            name='security_stamp',
            field=models.CharField(default='', editable=False, max_length=32),
        ),
    ]
