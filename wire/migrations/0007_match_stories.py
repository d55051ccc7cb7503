"""Matching: terms of texts, questions, decisions; the arrival of a version, which alone may move."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

from newsroom.db.triggers import is_postgresql
from wire.triggers import create_triggers, drop_triggers, rebuild_wire_triggers


def replace_on_postgresql(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Versions may be moved from now on: see wire/triggers.py."""
    if is_postgresql(schema_editor):
        drop_triggers(apps, schema_editor)
        create_triggers(apps, schema_editor)


def fill_arrivals(apps: Any, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The arrival of a version is that of its delivery."""
    deliveries = apps.get_model("wire", "Delivery").objects.filter(pk=OuterRef("delivery"))
    received = Subquery(deliveries.values("received_at")[:1])
    apps.get_model("wire", "Version").objects.update(arrived_at=received)


class Migration(migrations.Migration):

    dependencies = [
        ("wire", "0006_unsupported_deliveries"),
    ]

    operations = rebuild_wire_triggers([
        migrations.RunPython(replace_on_postgresql, migrations.RunPython.noop),
        migrations.CreateModel(
            name='MatchQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('similarity', models.FloatField(default=0, verbose_name='similarity')),
                ('answer', models.CharField(blank=True, choices=[('', 'not answered'), ('same', 'Belongs to this story'), ('other', 'Is another story')], default='', max_length=5, verbose_name='answer')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MatchTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'headline'), (2, 'headline of a story named'), (3, 'similarity')])),
                ('term', models.BigIntegerField()),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='StoryDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('joined', 'joined'), ('split', 'told apart'), ('cancelled', 'cancelled by hand')], max_length=9, verbose_name='decision')),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='story',
            name='cancelled_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='cancelled by hand at'),
        ),
        migrations.AddField(
            model_name='story',
            name='maybe_cancelled',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='story',
            name='merged_into',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wire.story'),
        ),
        migrations.AddField(
            model_name='story',
            name='state_number',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='version',
            name='arrived_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='arrived at'),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['content_hash'], name='versions_by_text'),
        ),
        migrations.AddField(
            model_name='matchquestion',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wire.version'),
        ),
        migrations.AddField(
            model_name='matchquestion',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='wire.version'),
        ),
        migrations.AddField(
            model_name='matchterm',
            name='source',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.source'),
        ),
        migrations.AddField(
            model_name='matchterm',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_terms', to='wire.version'),
        ),
        migrations.AddField(
            model_name='storydecision',
            name='other',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wire.story'),
        ),
        migrations.AddField(
            model_name='storydecision',
            name='story',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='wire.story'),
        ),
        migrations.AddConstraint(
            model_name='matchquestion',
            constraint=models.UniqueConstraint(fields=('version', 'other'), name='one_question_about_two_texts'),
        ),
        migrations.AddIndex(
            model_name='matchterm',
            index=models.Index(fields=['source', 'term', 'sent_at'], name='texts_by_term'),
        ),
        migrations.AddIndex(
            model_name='matchterm',
            index=models.Index(condition=models.Q(('kind', 3)), fields=['sent_at'], name='bands_by_time_of_sending'),
        ),
        migrations.RunPython(fill_arrivals, migrations.RunPython.noop),
    ])
