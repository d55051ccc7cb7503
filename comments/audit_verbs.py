"""Audit verbs of comments: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "classified": _("decided by the classifier"),
    "deleted": _("deleted"),
    "edited": _("edited"),
    "held": _("held back"),
    "hid": _("hid"),
    "list_changed": _("changed the word list"),
    "list_restored": _("restored a word list"),
    "list_tried": _("tried a word list"),
    "pinned": _("pinned"),
    "policy_changed": _("changed the rules of the comments"),
    "posted": _("posted"),
    "recounted": _("counted again"),
    "reports_settled": _("settled reports"),
    "showed": _("showed"),
    "unpinned": _("unpinned"),
    "writer_approved": _("may comment at once"),
}
