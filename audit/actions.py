"""Write the audit log. Entries are added; nothing changes or deletes them but the erasure of names."""

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
    """Record that `by` did something to `subject`; `by` None is the system itself.

    Call it inside the transaction of the change. `verb` has its words in audit_verbs.py of the app;
    `details` are JSON.
    """
    return Entry.objects.create(**entry_values(subject, verb=verb, by=by, details=details))


def record_operator_audit(subject: models.Model, *, verb: str, **details: Any) -> Entry:
    """Record what a management command did to `subject`: the operator at the command line has no account.

    Call it inside the transaction of the change.
    """
    values = entry_values(subject, verb=verb, by=None, details=details)
    return Entry.objects.create(**values | {"by_name": OPERATOR_ACTOR_NAME})


def record_audit_batch(entries: Iterable[tuple[models.Model, str, dict[str, Any]]]) -> None:
    """Record many things that the system did, as (subject, verb, details), with one statement."""
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
    """The column values of an entry, but for its time."""
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
    """Erase a person's name from the audit log (개인정보 보호법 §36); the entries stay."""
    Entry.objects.filter(by=person.pk).update(by_name=ERASED_PERSON_NAME)
    about = Entry.objects.filter(kind=person._meta.label_lower, subject=str(person.pk))
    about.update(label=ERASED_PERSON_NAME)


def erase_labels(kind: str, numbers: Iterable[int], *, label: str) -> int:
    """Overwrite what the entries call these things, after a legal erasure; the entries stay. How many."""
    about = Entry.objects.filter(kind=kind, subject__in=[str(number) for number in numbers])
    return about.update(label=label)
