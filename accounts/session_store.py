"""Session store of Django (SESSION_ENGINE) that knows the account of a session and its last use.

Browsers (cookie) and apps (X-Session-Token) have their sessions here, so that deleting a row signs out at
the next request, whichever it is.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import UserSession

# How exact the time of the last use is: it is written once in this time.
LAST_USE_INTERVAL = timedelta(minutes=10)


class SessionStore(DatabaseSessionStore):
    """Session in the table `UserSession`. Its name is part of the key by which sessions are signed."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def create_model_instance(self, data: Any) -> UserSession:
        row = super().create_model_instance(data)
        assert isinstance(row, UserSession), "the model of get_model_class"
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.last_used_at = timezone.now()
        return row

    def _get_session_from_db(self) -> UserSession | None:
        row: UserSession | None = super()._get_session_from_db()  # type: ignore[misc]  # Django's, untyped
        if row is not None and row.user_id is not None:
            record_use(row)
        return row


def record_use(row: UserSession) -> None:
    """Write the time of the last use, once in LAST_USE_INTERVAL; without it where the database refuses."""
    now = timezone.now()
    if now < row.last_used_at + LAST_USE_INTERVAL:
        return
    with suppress(DatabaseError), transaction.atomic():
        UserSession.objects.filter(pk=row.pk).update(last_used_at=now)
