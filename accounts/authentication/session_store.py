"""Sessions in the database, read by SQL that is compiled once."""

from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField

from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.db.expressions import CurrentTime


class SessionStore(db.SessionStore):
    """Django's sessions of the database. Each request of a person begins with one of these."""

    def _get_session_from_db(self) -> Session | None:
        """The session's row; without one, the store forgets its key, as Django's does."""
        key = self.session_key
        found = session_query().fetch(key=key) if key else []
        if found:
            return found[0]
        self._session_key = None
        return None


@cache
def session_query() -> CompiledQuery[Session]:
    """Django's own query for a session that has not ended."""
    return CompiledQuery(
        Session.objects.filter(session_key=Param("key", CharField()), expire_date__gt=CurrentTime())
    )
