"""Title, description and photo for search and sharing, frozen with the edition."""

import django.db.models.deletion
from django.db import migrations, models

from articles.triggers import rebuild_edition_triggers


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0007_boxed_articles"),
        ('media', '0001_initial'),
    ]

    operations = rebuild_edition_triggers([
        migrations.AddField(
            model_name='article',
            name='social_photo',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='media.photo'),
        ),
        migrations.AddField(
            model_name='edition',
            name='seo_description',
            field=models.CharField(blank=True, max_length=300, verbose_name='description for search and sharing'),
        ),
        migrations.AddField(
            model_name='edition',
            name='seo_title',
            field=models.CharField(blank=True, max_length=120, verbose_name='title for search and sharing'),
        ),
        migrations.AddField(
            model_name='edition',
            name='social_photo',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='media.photo'),
        ),
        migrations.AddField(
            model_name='edition',
            name='social_photo_text',
            field=models.JSONField(null=True),
        ),
    ])
