"""Sanctions of a reader for the account export: their rows, and suspensions of before there were rows."""

from django.utils.dateparse import parse_datetime

from accounts.actions import sanction_history
from accounts.models import Sanction, SanctionKind, User
from audit.models import Entry

SUSPENDED = ("suspended", "suspension_taken_over")
LIFTED = "suspension_lifted"


def sanction_records(reader: User) -> list[Sanction]:
    """All sanctions of the reader, past ones too, the oldest first."""
    rows = sanction_history(reader)
    return [*suspensions_without_row(reader, rows), *rows]


def suspensions_without_row(reader: User, rows: list[Sanction]) -> list[Sanction]:
    """Unsaved sanctions, made of entries of the audit log about suspensions that have no row.

    Those have no `reference`; a suspension that was in force when rows began has one with its end. Each
    ended at its time, or earlier by the next entry: it was lifted, or another took its place.
    """
    about = Entry.objects.filter(kind=User._meta.label_lower, subject=str(reader.pk))
    entries = list(about.filter(verb__in=[*SUSPENDED, LIFTED]).order_by("pk"))
    ends = {row.until for row in rows}
    records = []
    for entry, following in zip(entries, [*entries[1:], None], strict=False):
        until = parse_datetime(entry.details.get("until") or "")
        is_row = "reference" in entry.details or until in ends
        if entry.verb == LIFTED or until is None or is_row:
            continue
        is_cut = following is not None and following.at < until
        records.append(
            Sanction(
                user=reader,
                kind=entry.details.get("kind", SanctionKind.BAN),
                reason=entry.details.get("reason", ""),
                starts_at=entry.at,
                until=until,
                lifted_at=following.at if following and is_cut else None,
            )
        )
    return records
