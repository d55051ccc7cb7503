"""Triggers: a version of a draft is added and deleted, never changed."""

from django.db import migrations

CREATE_ON_POSTGRESQL = """
CREATE FUNCTION version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % of a draft is immutable', OLD.id;
END $$;
CREATE TRIGGER version_is_immutable BEFORE UPDATE ON desk_draftversion
    FOR EACH ROW EXECUTE FUNCTION version_is_immutable();
"""
DROP_ON_POSTGRESQL = """
DROP TRIGGER version_is_immutable ON desk_draftversion;
DROP FUNCTION version_is_immutable();
"""
CREATE_ON_SQLITE = (
    "CREATE TRIGGER version_is_immutable BEFORE UPDATE ON desk_draftversion "
    "BEGIN SELECT RAISE(ABORT, 'a version of a draft is immutable'); END"
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
        schema_editor.execute("DROP TRIGGER version_is_immutable")


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_draft_versions")]
    operations = [migrations.RunPython(create_trigger, drop_trigger)]
