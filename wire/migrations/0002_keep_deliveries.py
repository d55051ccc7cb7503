"""Triggers: the bytes of a delivery and the text of a version never change."""

from django.db import migrations

from wire.triggers import create_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [("wire", "0001_initial")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
