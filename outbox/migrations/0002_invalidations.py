"""Invalidations of cached responses, with the transaction that wrote each on PostgreSQL."""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Now

from newsroom.db.invalidation_triggers import drop_all_triggers
from newsroom.db.triggers import is_postgresql

ADD_XID = """
ALTER TABLE outbox_invalidation ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX invalidations_by_transaction ON outbox_invalidation (xid);
"""


def add_xid(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if is_postgresql(schema_editor):
        schema_editor.execute(ADD_XID, params=None)


def drop_triggers(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before the table goes that they write into."""
    drop_all_triggers()


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Invalidation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=200)),
                ("is_count", models.BooleanField()),
                ("written_at", models.DateTimeField(db_default=Now())),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(add_xid, drop_triggers),
    ]
