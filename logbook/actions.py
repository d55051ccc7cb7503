"""Write the logbook. Nothing here changes or deletes a line."""

from typing import Any

from django.db import models

from logbook.models import Entry

CLOCK = "시계"


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
