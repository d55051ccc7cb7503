"""Audit verbs of agency copy: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AUDIT_VERBS: dict[str, str | Promise] = {
    "channel_failed": _("could not be fetched"),
    "channel_recovered": _("is fetched again"),
    "channel_set_up": _("set up as a way in"),
    "cancelled_by_hand": _("cancelled the wire story by hand"),
    "decision_undone": _("took back a decision about the story"),
    "embargo_changed": _("changed the embargo, as the agency says"),
    "embargo_lifted": _("lifted the embargo"),
    "embargo_set": _("set the embargo"),
    "failed": _("failed"),
    "fetched_now": _("had it fetched"),
    "picture_failed": _("did not get a picture"),
    "picture_fetched": _("got a picture"),
    "picture_retried": _("had a picture fetched again"),
    "received": _("received"),
    "match_asked": _("asked whether texts are of one story"),
    "reinstated": _("allowed again"),
    "source_set_up": _("set up"),
    "stories_joined": _("joined another wire story to it"),
    "stories_marked_different": _("told it apart from another wire story"),
    "story_joined_with": _("joined it to another wire story"),
    "story_split": _("split versions off as another wire story"),
    "unsupported": pgettext_lazy("wire delivery", "unsupported format"),
    "wire_cancellation": _("cancelled by the agency"),
    "wire_correction": _("corrected by the agency"),
    "wire_text": _("sent by the agency"),
}
