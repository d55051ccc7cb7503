"""An embargo before which, and a time from which, no reader sees an article."""

from importlib import import_module

from django.db import migrations, models

GUARD = import_module("articles.migrations.0002_editions_are_frozen").FREEZE_SQLITE[1]


def keep_the_guard(apps, schema_editor):
    """SQLite makes the table anew for a constraint, and the triggers of the old one go with it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS live_edition_is_its_own")
        schema_editor.execute(GUARD)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_picks_wait_for_nobody'),
        ('media', '0001_initial'),
        ('polls', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, keep_the_guard),
        migrations.AddField(
            model_name='article',
            name='embargo_until',
            field=models.DateTimeField(editable=False, null=True, verbose_name='embargo until'),
        ),
        migrations.AddField(
            model_name='article',
            name='expires_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='comes down'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('live__isnull', False)), fields=['expires_at'], name='live_until'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('live__isnull', True), ('embargo_until__isnull', True), ('published_at__gte', models.F('embargo_until')), _connector='OR'), name='live_is_past_its_embargo'),
        ),
        migrations.RunPython(keep_the_guard, migrations.RunPython.noop),
    ]
