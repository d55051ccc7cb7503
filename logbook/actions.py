"""Write the logbook. Nothing here changes what a line says or deletes one."""

from typing import Any

from django.db import models

from logbook.models import Entry

CLOCK = "시계"
GONE = "탈퇴한 이용자"


def record(subject: models.Model, *, verb: str, by: models.Model | None, **details: Any) -> Entry:
    """Add a line about `subject`; `by` None is the clock. Call it inside the change's transaction."""
    return Entry.objects.create(
        by=by.pk if by else None,
        by_name=str(by)[:254] if by else CLOCK,
        verb=verb,
        kind=subject._meta.label_lower,
        subject=str(subject.pk),
        label=str(subject)[:250],
        details=details,
    )


def forget(person: models.Model) -> None:
    """Strike a person's name from the logbook (개인정보 보호법 §36); what was done stays told."""
    Entry.objects.filter(by=person.pk).update(by_name=GONE)
    about = Entry.objects.filter(kind=person._meta.label_lower, subject=str(person.pk))
    about.update(label=GONE)
