"""System checks of sign-in, for `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core import checks


def staff_have_a_second_factor(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where staff of a public site may sign in with a password alone."""
    if not settings.HTTPS or settings.STAFF_MFA == "required":
        return []
    return [
        checks.Warning(
            "Staff may sign in with a password alone.",
            hint="Set STAFF_MFA=required: everybody at the desk then needs a second factor.",
            id="accounts.W001",
        )
    ]
