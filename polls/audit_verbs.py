"""Audit verbs of polls: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "closed": _("closed"),
    "election_day_set": _("said which election a poll is about"),
    "recounted": _("counted again"),
    "unlinked": _("removed who voted, for ever"),
    "votes_held": _("held votes"),
    "votes_released": _("counted held votes"),
    "votes_undone": _("undid a decision on votes"),
    "votes_voided": _("voided votes"),
    "voting_ended": _("the voting ended"),
    # In older entries: on a single vote.
    "reinstated": _("allowed again"),
    "released": _("counted a held vote"),
    "voided": _("voided"),
}
