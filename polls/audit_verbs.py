"""Audit verbs of polls: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "closed": _("closed"),
    "reinstated": _("allowed again"),
    "voided": _("voided"),
    "voting_ended": _("the voting ended"),
}
