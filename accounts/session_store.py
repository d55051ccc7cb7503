"""Session store of Django (SESSION_ENGINE) that knows the account of a session and its last use.

Browsers (cookie) and apps (X-Session-Token) have their sessions here, so that deleting a row signs out at
the next request, whichever it is.
"""

from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DatabaseError, transaction
from django.db.models import CharField
from django.utils import timezone

from accounts.models import UserSession
from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.db.expressions import CurrentTime

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
        """The session's row; without one, the store forgets its key, as Django's does."""
        key = self.session_key
        found = session_query().fetch(key=key) if key else []
        if not found:
            self._session_key = None
            return None
        if found[0].user_id is not None:
            record_use(found[0])
        return found[0]


@cache
def session_query() -> CompiledQuery[UserSession]:
    """Django's own query for a session that has not ended, compiled once: each request begins with it."""
    return CompiledQuery(
        UserSession.objects.filter(
            session_key=Param("key", CharField()), expire_date__gt=CurrentTime()
        )
    )


def record_use(row: UserSession) -> None:
    """Write the time of the last use, once in LAST_USE_INTERVAL; without it where the database refuses."""
    now = timezone.now()
    if now < row.last_used_at + LAST_USE_INTERVAL:
        return
    with suppress(DatabaseError), transaction.atomic():
        UserSession.objects.filter(pk=row.pk).update(last_used_at=now)
