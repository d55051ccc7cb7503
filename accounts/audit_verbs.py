"""Audit verbs of accounts: how entries of the audit log are worded (audit/verbs.py). Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_VERBS: dict[str, str | Promise] = {
    "comments_held": _("had all comments wait for a moderator"),
    "email_changed": _("changed the e-mail address"),
    "email_confirmed": _("confirmed an e-mail address"),
    "email_removed": _("removed an e-mail address"),
    "hired": _("took on"),
    "issued": _("issued"),
    "joined": _("joined"),
    "left": _("left the newsroom"),
    "link_made": _("made a one-time sign-in link"),
    "locked": _("locked"),
    "muted": _("muted"),
    "nickname_reset": _("reset the nickname"),
    "password_reset": _("reset the password by e-mail"),
    "password_set": _("set a password"),
    "recovery_codes_made": _("made new recovery codes"),
    "renamed": _("renamed"),
    "resembles_suspended": _("has an address like one that is suspended"),
    "revoked": _("revoked"),
    "roles_changed": _("changed roles"),
    "sanction_lifted": _("lifted the sanction"),
    "second_factor_added": _("set up a second factor"),
    "second_factor_removed": _("removed a second factor"),
    "second_factor_reset": _("reset the second factor"),
    "sessions_ended": _("signed out everywhere"),
    "sign_in_failed": _("failed sign-ins, ten or more"),
    "suspended": _("suspended"),
    "suspension_lifted": _("lifted the suspension"),
    "suspension_taken_over": _("took over the suspension of a former account"),
    "warned": _("warned"),
}
