"""Audit verbs of photos: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "described": _("described"),
    "processed": _("processed the upload"),
    "took_in": _("took in"),
    "unreadable": _("could not read the upload"),
}
