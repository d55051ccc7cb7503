"""The audit log in words, for people. Pure."""

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

from audit.models import Entry

VERB_LABELS: dict[str, str | Promise] = {
    "added": _("added"),
    "approved": _("approved"),
    "asked_again": _("asked for another attempt"),
    "began": _("began"),
    "bundled": _("put into a bundle"),
    "cancelled": _("took the plan back"),
    "changed": _("changed"),
    "closed": _("closed"),
    "described": _("described"),
    "deleted": _("deleted"),
    "edited": _("edited"),
    "ended_hold": _("ended the legal hold"),
    "expired": _("came down: its time was over"),
    "email_changed": _("changed the e-mail address"),
    "email_confirmed": _("confirmed an e-mail address"),
    "email_removed": _("removed an e-mail address"),
    "embargo_changed": _("changed the embargo, as the agency says"),
    "embargo_lifted": _("lifted the embargo"),
    "embargo_set": _("set the embargo"),
    "ended_demo": _("ended the demo"),
    "failed": _("failed"),
    "froze": _("froze"),
    "held": _("held back"),
    "hid": _("hid"),
    "hired": _("took on"),
    "imported": _("imported"),
    "issued": _("issued"),
    "joined": _("joined"),
    "left": _("left the newsroom"),
    "link_made": _("made a one-time sign-in link"),
    "locked": _("locked"),
    "loaded_demo": _("loaded the demo"),
    "moved": _("moved to another time"),
    "offered": _("made a preview link"),
    "overtaken": _("overtaken by a newer edition"),
    "password_set": _("set a password"),
    "password_reset": _("set a new password by letter"),
    "posted": _("posted"),
    "processed": _("processed the upload"),
    "published": _("published"),
    "put_aside": _("put aside"),
    "put_on_hold": _("put on legal hold"),
    "received": _("received"),
    "recounted": _("counted again"),
    "recovery_codes_made": _("made new recovery codes"),
    "reinstated": _("allowed again"),
    "removed": _("removed"),
    "renamed": _("renamed"),
    "reports_settled": _("settled reports"),
    "restored": _("restored"),
    "restored_backup": _("restored a backup"),
    "revoked": _("revoked"),
    "rotated": _("made a new secret"),
    "roles_changed": _("changed roles"),
    "scheduled": _("scheduled"),
    "second_factor_added": _("set up a second factor"),
    "second_factor_removed": _("removed a second factor"),
    "second_factor_reset": _("reset the second factor"),
    "sent_back": _("sent back"),
    "set_terms": _("set embargo and end"),
    "showed": _("showed"),
    "sign_in_failed": _("failed sign-ins, ten or more"),
    "source_set_up": _("set up"),
    "submitted": _("asked for review"),
    "suspended": _("suspended"),
    "suspension_lifted": _("lifted the suspension"),
    "swapped": _("swapped"),
    "threw_away": _("put into the trash"),
    "switched_off": _("switched off"),
    "switched_on": _("switched on"),
    "tested": _("sent a test"),
    "took_in": _("took in"),
    "unbundled": _("took out of its bundle"),
    "took_out_of_trash": _("took out of the trash"),
    "unreadable": _("could not read the upload"),
    "voided": _("voided"),
    "voting_ended": _("the voting ended"),
    "wire_cancellation": _("cancelled by the agency"),
    "wire_correction": _("corrected by the agency"),
    "wire_text": _("sent by the agency"),
    "withdrew": _("withdrew"),
}
FIELD_LABELS: dict[str, str | Promise] = {
    "body": _("body"),
    "authors": _("authors"),
    "tags": _("tags"),
    "related": _("related articles"),
    "poll": _("poll"),
}
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
    "expires_at": _("comes down %(at)s"),
}


@dataclass(frozen=True)
class AuditLine:
    """An audit log entry as people read it."""

    at: datetime
    who: str
    did: str
    more: str


def format_entries(entries: Iterable[Entry]) -> list[AuditLine]:
    """The entries as lines, in their order."""
    return [AuditLine(e.at, e.by_name, verb_label(e), details_summary(e)) for e in entries]


def verb_label(entry: Entry) -> str:
    """What was done, in words; a verb without words as it stands."""
    return str(VERB_LABELS.get(entry.verb, entry.verb.replace("_", " ")))


def kind_label(kind: str) -> str:
    """What kind of thing it was done to, in words; the kind itself where there is none any more."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def details_summary(entry: Entry) -> str:
    """The details that a person wants to see at once: which edition, until when, why."""
    details: dict[str, Any] = entry.details if isinstance(entry.details, dict) else {}
    said = [format_detail(name, details[name]) for name in SUMMARY_DETAILS if details.get(name)]
    if details.get("fields"):
        said.append(", ".join(field_label(entry.kind, f) for f in details.get("fields", [])))
    return " · ".join(filter(None, said))


def format_detail(name: str, value: Any) -> str:
    if name in {"edition", "after"}:
        return _now("edition %(number)s") % {"number": value}
    if name in TIME_FORMATS and (moment := parse_datetime(str(value))):
        at = formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
        return str(TIME_FORMATS[name]) % {"at": at}
    return str(value)


def field_label(kind: str, name: str) -> str:
    if name in FIELD_LABELS:
        return str(FIELD_LABELS[name])
    try:
        field = apps.get_model(kind)._meta.get_field(name)
        return str(getattr(field, "verbose_name", name))
    except (LookupError, ValueError, FieldDoesNotExist):  # a field of long ago may be gone
        return name
