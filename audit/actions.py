"""Write the audit log. Nothing here changes what a line says or deletes one."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from audit.models import Entry
from newsroom.db.bulk_insert import Row, insert

CLOCK = "시계"
COMMAND_LINE = "명령줄(운영자)"
GONE = "탈퇴한 이용자"


def record(subject: models.Model, *, verb: str, by: models.Model | None, **details: Any) -> Entry:
    """Add a line about `subject`; `by` None is the clock. Call it inside the change's transaction."""
    return Entry.objects.create(**line(subject, verb=verb, by=by, details=details))


def record_by_operator(subject: models.Model, *, verb: str, **details: Any) -> Entry:
    """Add a line about what a management command did: whoever runs commands on the machine has no
    account. Call it inside the change's transaction."""
    words = line(subject, verb=verb, by=None, details=details) | {"by_name": COMMAND_LINE}
    return Entry.objects.create(**words)


def record_all(told: Iterable[tuple[models.Model, str, dict[str, Any]]]) -> None:
    """Add a line for each of many things that the clock did: what it did it to, verb, details."""
    now = timezone.now()
    insert(
        Entry,
        (
            {"at": now, **line(subject, verb=verb, by=None, details=details)}
            for subject, verb, details in told
        ),
    )


def line(
    subject: models.Model, *, verb: str, by: models.Model | None, details: dict[str, Any]
) -> Row:
    """What a line says, not yet written."""
    return {
        "by": by.pk if by else None,
        "by_name": str(by)[:254] if by else CLOCK,
        "verb": verb,
        "kind": subject._meta.label_lower,
        "subject": str(subject.pk),
        "label": str(subject)[:250],
        "details": details,
    }


def forget(person: models.Model) -> None:
    """Strike a person's name from the audit log (개인정보 보호법 §36); what was done stays told."""
    Entry.objects.filter(by=person.pk).update(by_name=GONE)
    about = Entry.objects.filter(kind=person._meta.label_lower, subject=str(person.pk))
    about.update(label=GONE)
