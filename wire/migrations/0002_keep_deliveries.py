"""Triggers: the bytes of a delivery and the text of a version never change.

On PostgreSQL a logged legal erasure says `SET LOCAL newsroom.erasing = 'on'` first.
"""

from django.db import migrations

CREATE_ON_POSTGRESQL = """
CREATE FUNCTION what_came_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('newsroom.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'row % of % is kept as it came', OLD.id, TG_TABLE_NAME;
END $$;
CREATE TRIGGER delivery_is_kept BEFORE UPDATE OF raw, sha256, size, source_id, received_at
    ON wire_delivery FOR EACH ROW EXECUTE FUNCTION what_came_is_kept();
CREATE TRIGGER version_is_kept BEFORE UPDATE
    ON wire_version FOR EACH ROW EXECUTE FUNCTION what_came_is_kept();
"""
DROP_ON_POSTGRESQL = """
DROP TRIGGER version_is_kept ON wire_version;
DROP TRIGGER delivery_is_kept ON wire_delivery;
DROP FUNCTION what_came_is_kept();
"""
CREATE_ON_SQLITE = (
    "CREATE TRIGGER delivery_is_kept BEFORE UPDATE OF raw, sha256, size, source_id, received_at "
    "ON wire_delivery BEGIN SELECT RAISE(ABORT, 'a delivery is kept as it came'); END",
    "CREATE TRIGGER version_is_kept BEFORE UPDATE ON wire_version "
    "BEGIN SELECT RAISE(ABORT, 'a version is kept as it came'); END",
)


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE_ON_POSTGRESQL, params=None)
    else:
        for statement in CREATE_ON_SQLITE:
            schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP_ON_POSTGRESQL, params=None)
    else:
        schema_editor.execute("DROP TRIGGER version_is_kept")
        schema_editor.execute("DROP TRIGGER delivery_is_kept")


class Migration(migrations.Migration):
    dependencies = [("wire", "0001_initial")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
