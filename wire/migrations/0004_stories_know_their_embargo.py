"""A story knows until when it must not appear, and each version what was said of it."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

GUARD = import_module("wire.migrations.0003_what_came_is_kept").KEEP_SQLITE[1]


def keep_the_guard(apps, schema_editor):
    """SQLite makes the table anew for a column, and the trigger of the old one goes with it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS version_is_kept")
        schema_editor.execute(GUARD)


class Migration(migrations.Migration):

    dependencies = [
        ('wire', '0003_what_came_is_kept'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, keep_the_guard),
        migrations.AddField(
            model_name='story',
            name='embargo',
            field=models.CharField(choices=[('none', 'no embargo'), ('until', 'embargo'), ('open', 'embargo, end unknown'), ('lifted', 'embargo lifted')], default='none', max_length=6, verbose_name='embargo'),
        ),
        migrations.AddField(
            model_name='story',
            name='embargo_changed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='story',
            name='embargo_decided',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.version'),
        ),
        migrations.AddField(
            model_name='story',
            name='embargo_text',
            field=models.TextField(blank=True, verbose_name='words of the embargo'),
        ),
        migrations.AddField(
            model_name='story',
            name='embargo_until',
            field=models.DateTimeField(null=True, verbose_name='embargo until'),
        ),
        migrations.AddField(
            model_name='story',
            name='vouched',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='version',
            name='embargo',
            field=models.CharField(choices=[('none', 'no embargo'), ('until', 'embargo'), ('open', 'embargo, end unknown'), ('lifted', 'embargo lifted')], default='none', max_length=6, verbose_name='embargo'),
        ),
        migrations.AddField(
            model_name='version',
            name='embargo_text',
            field=models.TextField(blank=True, verbose_name='words of the embargo'),
        ),
        migrations.AddField(
            model_name='version',
            name='embargo_until',
            field=models.DateTimeField(null=True, verbose_name='embargo until'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('embargo', 'until'), ('embargo_until__isnull', False)), models.Q(models.Q(('embargo', 'until'), _negated=True), ('embargo_until__isnull', True)), _connector='OR'), name='a_storys_embargo_has_its_end'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('embargo', 'until'), ('embargo_until__isnull', False)), models.Q(models.Q(('embargo', 'until'), _negated=True), ('embargo_until__isnull', True)), _connector='OR'), name='a_read_embargo_has_its_end'),
        ),
        migrations.RunPython(keep_the_guard, migrations.RunPython.noop),
    ]
