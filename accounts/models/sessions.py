"""Sessions of browsers and apps: Django's table of sessions with the account and the last use.

No IP address and no user agent is stored; what the sign-in was made with is in the session's data as one of
the names of accounts/devices.py.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class UserSession(AbstractBaseSession):
    """A session in the database (accounts/session_store.py); of an account after a sign-in."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    last_used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("session of an account")
        verbose_name_plural = _("sessions of accounts")

    def __str__(self) -> str:
        return f"{self.user or ''} {self.last_used_at:%Y-%m-%d}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Django's store, which decodes what that of accounts/session_store.py encodes."""
        return SessionStore
