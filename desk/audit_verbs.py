"""Audit verbs of drafts and releases: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "approved": _("approved"),
    "asked_again": _("asked for another attempt"),
    "began": _("began"),
    "bundled": _("put into a bundle"),
    "cancelled": _("cancelled the schedule"),
    "edited": _("edited"),
    "ended_demo": _("ended the demo"),
    "ended_hold": _("ended the legal hold"),
    "expired": _("was taken down at its expiry"),
    "failed": _("failed"),
    "froze": _("froze"),
    "imported": _("imported"),
    "loaded_demo": _("loaded the demo"),
    "moved": _("moved to another time"),
    "offered": _("made a preview link"),
    "overtaken": _("overtaken by a newer edition"),
    "published": _("published"),
    "put_on_hold": _("put on legal hold"),
    "removed": _("removed"),
    "restored": _("restored"),
    "restored_backup": _("restored a backup"),
    "revoked": _("revoked"),
    "scheduled": _("scheduled"),
    "sent_back": _("sent back"),
    "set_terms": _("set embargo and expiry"),
    "submitted": _("asked for review"),
    "swapped": _("swapped"),
    "threw_away": _("put into the trash"),
    "took_out_of_trash": _("took out of the trash"),
    "unbundled": _("took out of its bundle"),
    "withdrew": _("withdrew"),
}
