"""The logbook is append-only for everybody: the database refuses.

`by_name` and `label` may be overwritten, for the erasure of a person's name (개인정보 보호법 §36).
SQLite, which Django's tests empty by DELETE, refuses changes only.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'by_name' - 'label' IS DISTINCT FROM to_jsonb(NEW) - 'by_name' - 'label' THEN
        RAISE EXCEPTION 'logbook entry % is kept as it was written', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_kept BEFORE UPDATE OR DELETE ON logbook_entry
    FOR EACH ROW EXECUTE FUNCTION entry_is_kept();
"""
LET_GO = """
DROP TRIGGER entry_is_kept ON logbook_entry;
DROP FUNCTION entry_is_kept();
"""
KEEP_SQLITE = (
    "CREATE TRIGGER entry_is_kept BEFORE UPDATE OF id, at, by, verb, kind, subject, details ON logbook_entry "
    "BEGIN SELECT RAISE(ABORT, 'a logbook entry is kept as it was written'); END"
)


def keep(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(KEEP, params=None)
    else:
        schema_editor.execute(KEEP_SQLITE)


def let_go(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(LET_GO, params=None)
    else:
        schema_editor.execute("DROP TRIGGER entry_is_kept")


class Migration(migrations.Migration):
    dependencies = [("logbook", "0001_initial")]
    operations = [migrations.RunPython(keep, let_go)]
