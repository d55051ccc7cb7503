"""Audit verbs of comments: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "appeal_granted": _("granted an appeal"),
    "appeal_moot": _("closed an appeal that left nothing to decide"),
    "appeal_rejected": _("rejected an appeal"),
    "appealed": _("appealed"),
    "block_declined": _("declined to block on request"),
    "block_ended": _("ended the block on request"),
    "block_made_final": _("hid after the block on request"),
    "block_objected": _("objected to the block on request"),
    "block_requested": _("got a request to block"),
    "blocked": _("blocked at the request of the person concerned"),
    "deleted": _("deleted"),
    "edited": _("edited"),
    "held": _("held back"),
    "hid": _("hid"),
    "posted": _("posted"),
    "recounted": _("counted again"),
    "reports_settled": _("settled reports"),
    "showed": _("showed"),
    "surge_began": _("a surge began"),
    "surge_ended": _("a surge ended"),
    "writer_approved": _("may comment at once"),
}
