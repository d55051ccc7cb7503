"""Database triggers that keep the audit log append-only, but for two erasures by law.

`by_name` and `label` may be overwritten (개인정보 보호법 §36). `details` may be redacted: a value of an
existing key becomes `audit.models.REDACTED`, and only in entries of a subject with a `RedactionPermit`,
which exists within the transaction of a legal erasure (`permit_redaction`). Every other change is refused.
SQLite, whose tables Django's tests empty by DELETE, does not refuse deletion.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.models import RedactionPermit
from newsroom.db.triggers import execute_all, is_postgresql

CREATE_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'by_name' - 'label' - 'details'
       IS DISTINCT FROM to_jsonb(NEW) - 'by_name' - 'label' - 'details' THEN
        RAISE EXCEPTION 'audit log entry % is kept as it was written', OLD.id;
    END IF;
    IF OLD.details IS DISTINCT FROM NEW.details AND (
        NOT EXISTS (SELECT 1 FROM audit_redactionpermit permit
                    WHERE permit.kind = OLD.kind AND permit.subject = OLD.subject)
        OR (SELECT count(*) FROM jsonb_object_keys(OLD.details))
           <> (SELECT count(*) FROM jsonb_object_keys(NEW.details))
        OR EXISTS (SELECT 1 FROM jsonb_each(NEW.details) pair
                   WHERE OLD.details -> pair.key IS NULL
                      OR pair.value NOT IN (OLD.details -> pair.key, '"[erased]"'::jsonb))
    ) THEN
        RAISE EXCEPTION 'audit log entry % is kept as it was written', OLD.id;
    END IF;
    RETURN NEW;
END $$;
"""
# As migration 0002 made it.
CREATE_WITHOUT_PERMIT_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR
       to_jsonb(OLD) - 'by_name' - 'label' IS DISTINCT FROM to_jsonb(NEW) - 'by_name' - 'label' THEN
        RAISE EXCEPTION 'audit log entry % is kept as it was written', OLD.id;
    END IF;
    RETURN NEW;
END $$;
"""
KEEP_ON_SQLITE = """
CREATE TRIGGER entry_is_kept BEFORE UPDATE OF id, at, by, verb, kind, subject ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an audit log entry is kept as it was written'); END
"""
KEEP_DETAILS_ON_SQLITE = """
CREATE TRIGGER entry_details_are_kept BEFORE UPDATE OF details ON audit_entry
WHEN OLD.details IS NOT NEW.details AND (
    NOT EXISTS (SELECT 1 FROM audit_redactionpermit permit
                WHERE permit.kind = OLD.kind AND permit.subject = OLD.subject)
    OR (SELECT count(*) FROM json_each(OLD.details))
       <> (SELECT count(*) FROM json_each(NEW.details))
    OR EXISTS (SELECT 1 FROM json_each(NEW.details) new
               LEFT JOIN json_each(OLD.details) old ON old.key = new.key
               WHERE old.key IS NULL
                  OR (new.value IS NOT '[erased]'
                      AND (new.value IS NOT old.value OR new.type IS NOT old.type)))
)
BEGIN SELECT RAISE(ABORT, 'an audit log entry is kept as it was written'); END
"""
KEEP_WITHOUT_PERMIT_ON_SQLITE = """
CREATE TRIGGER entry_is_kept
BEFORE UPDATE OF id, at, by, verb, kind, subject, details ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an audit log entry is kept as it was written'); END
"""
DROP_ON_SQLITE = (
    "DROP TRIGGER IF EXISTS entry_is_kept",
    "DROP TRIGGER IF EXISTS entry_details_are_kept",
)


def permit_redactions(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers anew, which let a permitted redaction pass."""
    if is_postgresql(schema_editor):
        schema_editor.execute(CREATE_ON_POSTGRESQL, params=None)
    else:
        execute_all(schema_editor, (*DROP_ON_SQLITE, KEEP_ON_SQLITE, KEEP_DETAILS_ON_SQLITE))


def refuse_redactions(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers of before, which let no change of `details` pass."""
    if is_postgresql(schema_editor):
        schema_editor.execute(CREATE_WITHOUT_PERMIT_ON_POSTGRESQL, params=None)
    else:
        execute_all(schema_editor, (*DROP_ON_SQLITE, KEEP_WITHOUT_PERMIT_ON_SQLITE))


@contextmanager
def permit_redaction(kind: str, subjects: Iterable[str]) -> Iterator[None]:
    """Let this transaction redact entries about these things within the block. For legal erasures alone.

    Atomic: however the block ends, and whether or not the caller is in a transaction, no permit stays.
    """
    with transaction.atomic():
        permits = RedactionPermit.objects.bulk_create(
            RedactionPermit(kind=kind, subject=subject) for subject in subjects
        )
        yield
        RedactionPermit.objects.filter(pk__in=[permit.pk for permit in permits]).delete()
