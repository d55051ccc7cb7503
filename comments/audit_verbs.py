"""Audit verbs of comments: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "classified": _("decided by the classifier"),
    "deleted": _("deleted"),
    "edited": _("edited"),
    "flagged": _("brought before moderators"),
    "held": _("held back"),
    "held_by_reports": _("held back for its reports"),
    "hid": _("hid"),
    "kept": _("left as it is"),
    "lease_taken_over": _("took over a decision"),
    "moderation_undone": _("undid a decision"),
    "list_changed": _("changed the word list"),
    "list_restored": _("restored a word list"),
    "list_tried": _("tried a word list"),
    "pinned": _("pinned"),
    "policy_changed": _("changed the rules of the comments"),
    "posted": _("posted"),
    "reason_changed": _("changed a reason of decisions"),
    "recounted": _("counted again"),
    "reports_settled": _("settled reports"),
    "showed": _("showed"),
    "unpinned": _("unpinned"),
    "writer_approved": _("may comment at once"),
}
