"""System checks of accounts, for `check --deploy` and for the start (`manage.py prepare`)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from django.utils.translation import gettext as _

from accounts.authentication.published_password import holders_of_published_password
from newsroom.http.canonical_urls import is_reachable_from_outside
from newsroom.startup import STARTUP_TAG


@checks.register(STARTUP_TAG, checks.Tags.security, deploy=True)
def check_published_password(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """accounts.E001: an account has the published password, and the site is reachable from outside.

    accounts.I001, a note: the database did not answer, or has no tables yet.
    """
    if not is_reachable_from_outside():
        return []
    try:
        holder = next(holders_of_published_password(), None)
    except DatabaseError:
        note = _("The database does not answer or has no tables: accounts were not checked.")
        return [checks.Info(note, id="accounts.I001")]
    if holder is None:
        return []
    message = _(
        "The account {email} has the published password, and this site can be reached from outside. "
        "End the demo: manage.py demo --end. Your own first account: manage.py createstaff EMAIL "
        "--role chief"
    )
    return [checks.Error(message.format(email=holder.email), id="accounts.E001")]


@checks.register(checks.Tags.security, deploy=True)
def check_second_factor(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """accounts.W001: staff of a public site may sign in with a password alone."""
    if not settings.HTTPS or settings.STAFF_MFA == "required":
        return []
    return [
        checks.Warning(
            _("Staff may sign in with a password alone."),
            hint=_("Set STAFF_MFA=required: everybody at the desk then needs a second factor."),
            id="accounts.W001",
        )
    ]
