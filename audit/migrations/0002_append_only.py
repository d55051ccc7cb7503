"""Triggers: the audit log is append-only.

`by_name` and `label` may be overwritten, for the erasure of a person's name (개인정보 보호법 §36).
SQLite, whose tables Django's tests empty by DELETE, refuses changes only.
"""

from django.db import migrations

CREATE_ON_POSTGRESQL = """
CREATE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
       to_jsonb(OLD) - 'by_name' - 'label' IS DISTINCT FROM to_jsonb(NEW) - 'by_name' - 'label' THEN
        RAISE EXCEPTION 'audit log entry % is kept as it was written', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_kept BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION entry_is_kept();
"""
DROP_ON_POSTGRESQL = """
DROP TRIGGER entry_is_kept ON audit_entry;
DROP FUNCTION entry_is_kept();
"""
CREATE_ON_SQLITE = (
    "CREATE TRIGGER entry_is_kept BEFORE UPDATE OF id, at, by, verb, kind, subject, details ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'an audit log entry is kept as it was written'); END"
)


def create_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE_ON_POSTGRESQL, params=None)
    else:
        schema_editor.execute(CREATE_ON_SQLITE)


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP_ON_POSTGRESQL, params=None)
    else:
        schema_editor.execute("DROP TRIGGER entry_is_kept")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(create_trigger, drop_trigger)]
