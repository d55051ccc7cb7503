"""Write the audit log. Entries are added; nothing changes or deletes them but erasures by law."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.models import REDACTED, Entry
from audit.triggers import permit_redaction
from newsroom.db.bulk_insert import InsertRow, bulk_insert

SYSTEM_ACTOR_NAME = "시계"
OPERATOR_ACTOR_NAME = "명령줄(운영자)"
ERASED_PERSON_NAME = "탈퇴한 이용자"
# Details that are times, ids, names of fields or values of a choice. Every other text is redacted by a
# legal erasure: a new detail counts as free text until it is named here.
REFERENCE_DETAILS = frozenset(
    {
        *("at", "until", "embargo_until", "expires_at", "due_at", "publish_by", "before", "after"),
        *("fields", "kind", "state", "code", "refusal_reason", "reference", "size", "source"),
        *("embargo", "tally", "count", "article", "to", "holder", "rule"),
    }
)
SUBJECTS_PER_STATEMENT = 500


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


def redact_entries(kind: str, numbers: Iterable[int], *, label: str | None) -> int:
    """Redact the entries about these things, after a legal erasure; the entries stay. How many changed.

    What they call the thing becomes `label` (None: it stays), and each free text in their details
    `REDACTED`: all but numbers, times, names of fields and the like (`REFERENCE_DETAILS`).
    """
    subjects = [str(number) for number in numbers]
    count = 0
    with transaction.atomic():
        for start in range(0, len(subjects), SUBJECTS_PER_STATEMENT):
            some = subjects[start : start + SUBJECTS_PER_STATEMENT]
            about = Entry.objects.filter(kind=kind, subject__in=some)
            redacted = redact_details(kind, about)
            count += redacted if label is None else about.update(label=label)
    return count


def redact_details(kind: str, entries: QuerySet[Entry]) -> int:
    """Redact the details of these entries about things of one kind; how many had any free text."""
    changed = []
    for entry in entries.exclude(details={}).only("subject", "details"):
        redacted = redacted_details(entry.details)
        if redacted != entry.details:
            entry.details = redacted
            changed.append(entry)
    with permit_redaction(kind, {entry.subject for entry in changed}):
        Entry.objects.bulk_update(changed, ["details"], batch_size=SUBJECTS_PER_STATEMENT)
    return len(changed)


def redacted_details(details: dict[str, Any]) -> dict[str, Any]:
    """The details with each value that may hold free text replaced by `REDACTED`."""
    return {
        name: value if name in REFERENCE_DETAILS or is_no_text(value) else REDACTED
        for name, value in details.items()
    }


def is_no_text(value: Any) -> bool:
    """Whether a detail is a number, a yes or no, or nothing."""
    return value is None or value == "" or isinstance(value, bool | int | float)
