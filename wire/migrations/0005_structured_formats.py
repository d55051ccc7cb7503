"""Structured formats: identifier, blocks, media, subjects, state and terms of a version."""

from django.db import migrations, models

from wire.triggers import rebuild_wire_triggers


class Migration(migrations.Migration):

    dependencies = [
        ("wire", "0004_index_embargoes"),
    ]

    operations = rebuild_wire_triggers([
        migrations.RemoveField(
            model_name='source',
            name='parser',
        ),
        migrations.AddField(
            model_name='delivery',
            name='format',
            field=models.CharField(blank=True, max_length=20, verbose_name='format'),
        ),
        migrations.AddField(
            model_name='source',
            name='cancellation_policy',
            field=models.CharField(choices=[('alert', 'tell the editors'), ('withdraw', 'withdraw the article with a notice'), ('hold', 'hide the article until a person decides')], default='alert', help_text='What happens to a live article that was written from the story.', max_length=10, verbose_name='when a story is cancelled'),
        ),
        migrations.AddField(
            model_name='source',
            name='format',
            field=models.CharField(choices=[('auto', 'recognised from the delivery'), ('yonhap', 'Yonhap plain text')], default='auto', max_length=20, verbose_name='format'),
        ),
        migrations.AddField(
            model_name='story',
            name='identifier',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='identifier'),
        ),
        migrations.AddField(
            model_name='version',
            name='agency_version',
            field=models.CharField(blank=True, max_length=40, verbose_name='version of the agency'),
        ),
        migrations.AddField(
            model_name='version',
            name='blocks',
            field=models.JSONField(default=list, verbose_name='blocks'),
        ),
        migrations.AddField(
            model_name='version',
            name='expires_at',
            field=models.DateTimeField(null=True, verbose_name='usable until'),
        ),
        migrations.AddField(
            model_name='version',
            name='language',
            field=models.CharField(blank=True, max_length=20, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='version',
            name='media',
            field=models.JSONField(default=list, verbose_name='media'),
        ),
        migrations.AddField(
            model_name='version',
            name='pub_status',
            field=models.CharField(choices=[('usable', 'usable'), ('withheld', 'withheld by the agency'), ('canceled', 'cancelled by the agency')], default='usable', max_length=10, verbose_name='state given by the agency'),
        ),
        migrations.AddField(
            model_name='version',
            name='references',
            field=models.JSONField(default=list, verbose_name='stories named'),
        ),
        migrations.AddField(
            model_name='version',
            name='subjects',
            field=models.JSONField(default=list, verbose_name='subjects'),
        ),
        migrations.AddField(
            model_name='version',
            name='urgency',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='urgency'),
        ),
        migrations.AddField(
            model_name='version',
            name='usage_terms',
            field=models.TextField(blank=True, verbose_name='usage terms'),
        ),
    ])
