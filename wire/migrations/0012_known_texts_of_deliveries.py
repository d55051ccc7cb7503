"""Texts that a delivery brought again; the bytes of a delivery may be emptied by a legal erasure."""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from wire.triggers import rebuild_wire_triggers


def fill_known_texts(apps: Any, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of a delivery that was known already its first text is on record."""
    delivery = apps.get_model("wire", "Delivery")
    rows = delivery.objects.filter(status="duplicate").values_list("pk", "version_id")
    known_text = delivery.known_texts.through
    known_text.objects.bulk_create(
        (known_text(delivery_id=pk, version_id=version) for pk, version in rows), batch_size=1000
    )


class Migration(migrations.Migration):

    dependencies = [
        ("wire", "0011_overrule_withholdings"),
    ]

    operations = rebuild_wire_triggers([
        migrations.AddField(
            model_name='delivery',
            name='known_texts',
            field=models.ManyToManyField(editable=False, related_name='known_in', to='wire.version'),
        ),
        migrations.RunPython(fill_known_texts, migrations.RunPython.noop),
    ])
