"""Triggers: editions are frozen, an article's live edition is its own (articles/triggers.py)."""

from django.db import migrations

from articles.triggers import create_edition_triggers, drop_edition_triggers


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(create_edition_triggers, drop_edition_triggers)]
