"""Title, description and photo for search and sharing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("desk", "0012_remarks"),
        ('media', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='seo_description',
            field=models.CharField(blank=True, max_length=300, verbose_name='description for search and sharing'),
        ),
        migrations.AddField(
            model_name='draft',
            name='seo_title',
            field=models.CharField(blank=True, max_length=120, verbose_name='title for search and sharing'),
        ),
        migrations.AddField(
            model_name='draft',
            name='social_photo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='media.photo', verbose_name='photo for sharing'),
        ),
    ]
