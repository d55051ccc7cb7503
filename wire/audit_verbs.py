"""Audit verbs of agency copy: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AUDIT_VERBS: dict[str, str | Promise] = {
    "embargo_changed": _("changed the embargo, as the agency says"),
    "embargo_lifted": _("lifted the embargo"),
    "embargo_set": _("set the embargo"),
    "failed": _("failed"),
    "received": _("received"),
    "reinstated": _("allowed again"),
    "source_set_up": _("set up"),
    "unsupported": pgettext_lazy("wire delivery", "unsupported format"),
    "wire_cancellation": _("cancelled by the agency"),
    "wire_correction": _("corrected by the agency"),
    "wire_text": _("sent by the agency"),
}
