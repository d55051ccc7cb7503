"""Audit verbs of the outbox: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "added": _("added"),
    "asked_again": _("asked for another attempt"),
    "changed": _("changed"),
    "put_aside": _("put aside"),
    "rotated": _("made a new secret"),
    "switched_off": _("switched off"),
    "switched_on": _("switched on"),
    "tested": _("sent a test"),
}
