"""Audit verbs of articles: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "added": _("added"),
    "changed": _("changed"),
    "recounted": _("counted again"),
    "removed": _("removed"),
}
