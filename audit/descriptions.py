"""Audit log entries as sentences: verb, kind of thing and details in words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.models import REDACTED, Entry
from audit.verbs import verb_label

# Changed fields that no model names: many-to-many and rendered ones.
FIELD_LABELS: dict[str, str | Promise] = {
    "body": _("body"),
    "authors": _("authors"),
    "tags": _("tags"),
    "related": _("related articles"),
    "poll": _("poll"),
}
# The details that are shown, in this order.
SUMMARY_DETAILS = (
    "edition",
    "after",
    "bundle",
    "at",
    "notice",
    "note",
    "reason",
    "nickname",
    "until",
    "embargo_until",
    "expires_at",
    "email",
)
TIME_FORMATS: dict[str, str | Promise] = {
    "at": "%(at)s",
    "until": "%(at)s",
    "embargo_until": _("embargo until %(at)s"),
    "expires_at": _("expires %(at)s"),
}


@dataclass(frozen=True)
class AuditLine:
    """An audit log entry in words: when, the name of who did it, the verb, and its details."""

    at: datetime
    actor: str
    action: str
    details: str


def format_entries(entries: Iterable[Entry]) -> list[AuditLine]:
    """The entries in words, in their order."""
    return [AuditLine(e.at, e.by_name, verb_label(e.verb), details_summary(e)) for e in entries]


def kind_label(kind: str) -> str:
    """The name of a kind of thing (`app.model`); the kind itself where the model no longer exists."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def details_summary(entry: Entry) -> str:
    """The details that matter in a list: which edition, until when, why, which fields."""
    details: dict[str, Any] = entry.details if isinstance(entry.details, dict) else {}
    parts = [format_detail(name, details[name]) for name in SUMMARY_DETAILS if details.get(name)]
    if details.get("fields"):
        parts.append(", ".join(field_label(entry.kind, f) for f in details.get("fields", [])))
    return " · ".join(filter(None, parts))


def format_detail(name: str, value: Any) -> str:
    """A detail in words: an edition's number, a local time, or the text as it is; "(erased)" by law."""
    if value == REDACTED:
        return _now("(erased)")
    if name in {"edition", "after"}:
        return _now("edition %(number)s") % {"number": value}
    if name in TIME_FORMATS and (moment := parse_datetime(str(value))):
        at = formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
        return str(TIME_FORMATS[name]) % {"at": at}
    return str(value)


def field_label(kind: str, name: str) -> str:
    """The verbose name of a field of a model (`app.model`), or its name."""
    if name in FIELD_LABELS:
        return str(FIELD_LABELS[name])
    try:
        field = apps.get_model(kind)._meta.get_field(name)
        return str(getattr(field, "verbose_name", name))
    except (LookupError, ValueError, FieldDoesNotExist):  # of a former version
        return name
