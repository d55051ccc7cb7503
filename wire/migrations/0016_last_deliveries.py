"""Index on PostgreSQL of the last delivery of a source (`wire.metrics.with_last_delivery`)."""

from django.db import migrations

# NULLS LAST, as the query says: for one source among several the planner would rather walk the index of
# all deliveries from its end, through every newer one of the others where a source has been silent.
CREATE = (
    "CREATE INDEX last_delivery_of_a_source ON wire_delivery (source_id, received_at DESC NULLS LAST)"
)


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX last_delivery_of_a_source", params=None)


class Migration(migrations.Migration):
    dependencies = [("wire", "0015_unfinished_readings")]
    operations = [migrations.RunPython(create_index, drop_index)]
