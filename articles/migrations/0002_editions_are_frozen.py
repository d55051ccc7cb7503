"""The ORM refuses to change an edition; this refuses everyone else.

`body_html` is the one column that may be rendered again from the same body.  On PostgreSQL a row
cannot be deleted either (a logged legal erasure says `SET LOCAL newsroom.erasing = 'on'` first), and
an article cannot point at another's edition.  SQLite, which Django's tests empty by DELETE, refuses
changes of words and of ownership.
"""

from django.db import migrations

FREEZE = """
CREATE FUNCTION edition_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('newsroom.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' OR
       to_jsonb(OLD) - 'body_html' IS DISTINCT FROM to_jsonb(NEW) - 'body_html' THEN
        RAISE EXCEPTION 'edition % is frozen', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_is_frozen BEFORE UPDATE OR DELETE ON articles_edition
    FOR EACH ROW EXECUTE FUNCTION edition_is_frozen();
ALTER TABLE articles_edition ADD CONSTRAINT edition_belongs UNIQUE (article_id, id);
ALTER TABLE articles_article ADD CONSTRAINT live_edition_is_its_own
    FOREIGN KEY (id, live_id) REFERENCES articles_edition (article_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
THAW = """
ALTER TABLE articles_article DROP CONSTRAINT live_edition_is_its_own;
ALTER TABLE articles_edition DROP CONSTRAINT edition_belongs;
DROP TRIGGER edition_is_frozen ON articles_edition;
DROP FUNCTION edition_is_frozen();
"""
FROZEN_COLUMNS = (
    "article_id, number, slug, headline, deck, summary, body, byline, section_id, lead_photo_id, poll_id, "
    "author_ids, tag_ids, related_ids, source_name, source_url, source_credit, ai_kind, ai_note, "
    "comments_mode, correction_kind, correction_note, frozen_at"
)
FREEZE_SQLITE = (
    f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN_COLUMNS} ON articles_edition "
    "BEGIN SELECT RAISE(ABORT, 'edition is frozen'); END",
    "CREATE TRIGGER live_edition_is_its_own BEFORE UPDATE OF live_id ON articles_article "
    "WHEN NEW.live_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM articles_edition e WHERE e.id = NEW.live_id AND e.article_id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the live edition is not its own'); END",
)


def freeze(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FREEZE, params=None)
    else:
        for statement in FREEZE_SQLITE:
            schema_editor.execute(statement)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(THAW, params=None)
    else:
        schema_editor.execute("DROP TRIGGER edition_is_frozen")
        schema_editor.execute("DROP TRIGGER live_edition_is_its_own")


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
