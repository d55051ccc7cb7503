"""Sessions of an account: end one, or all of them, of the browser and of the app, and its bearer tokens."""

from django.db import transaction

from accounts.actions.locking import lock_reader
from accounts.active_sessions import active_sessions
from accounts.models import KnownClient, User, UserSession, new_security_stamp
from audit.actions import record_audit
from newsroom.errors import NotFound


@transaction.atomic
def end_session(user: User, *, session_id: str) -> None:
    """End one session of an account, at the next request of its browser or app. Raises NotFound."""
    account = lock_reader(user)
    keys = [one.key for one in active_sessions(account) if one.id == session_id]
    if not keys or not UserSession.objects.filter(user=account, pk__in=keys).delete()[0]:
        raise NotFound
    record_audit(account, verb="session_ended", by=account)


@transaction.atomic
def end_sessions(user: User, *, current_key: str | None = None) -> User:
    """End all sessions and bearer tokens of an account; known browsers are forgotten too.

    Returns the account with its new stamp, with which the caller's own session (`current_key`) may go on.
    """
    account = lock_reader(user)
    account.security_stamp = new_security_stamp()
    account.save(update_fields=["security_stamp"])
    KnownClient.objects.filter(user=account).delete()
    UserSession.objects.filter(user=account).exclude(pk=current_key or "").delete()
    record_audit(account, verb="sessions_ended", by=account)
    return account
