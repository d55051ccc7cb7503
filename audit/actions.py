"""Write the audit log. Nothing here changes what a line says or deletes one."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from audit.models import Entry
from newsroom.db.bulk_insert import InsertRow, bulk_insert

SYSTEM_ACTOR_NAME = "시계"
OPERATOR_ACTOR_NAME = "명령줄(운영자)"
ERASED_PERSON_NAME = "탈퇴한 이용자"


def record_audit(
    subject: models.Model, *, verb: str, by: models.Model | None, **details: Any
) -> Entry:
    """Add a line about `subject`; `by` None is the clock. Call it inside the change's transaction."""
    return Entry.objects.create(**entry_values(subject, verb=verb, by=by, details=details))


def record_operator_audit(subject: models.Model, *, verb: str, **details: Any) -> Entry:
    """Add a line about what a management command did: whoever runs commands on the machine has no
    account. Call it inside the change's transaction."""
    words = entry_values(subject, verb=verb, by=None, details=details) | {
        "by_name": OPERATOR_ACTOR_NAME
    }
    return Entry.objects.create(**words)


def record_audit_batch(entries: Iterable[tuple[models.Model, str, dict[str, Any]]]) -> None:
    """Add a line for each of many things that the clock did: what it did it to, verb, details."""
    now = timezone.now()
    bulk_insert(
        Entry,
        (
            {"at": now, **entry_values(subject, verb=verb, by=None, details=details)}
            for subject, verb, details in entries
        ),
    )


def entry_values(
    subject: models.Model, *, verb: str, by: models.Model | None, details: dict[str, Any]
) -> InsertRow:
    """What a line says, not yet written."""
    return {
        "by": by.pk if by else None,
        "by_name": str(by)[:254] if by else SYSTEM_ACTOR_NAME,
        "verb": verb,
        "kind": subject._meta.label_lower,
        "subject": str(subject.pk),
        "label": str(subject)[:250],
        "details": details,
    }


def erase_person_name(person: models.Model) -> None:
    """Strike a person's name from the audit log (개인정보 보호법 §36); what was done stays told."""
    Entry.objects.filter(by=person.pk).update(by_name=ERASED_PERSON_NAME)
    about = Entry.objects.filter(kind=person._meta.label_lower, subject=str(person.pk))
    about.update(label=ERASED_PERSON_NAME)
