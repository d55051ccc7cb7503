"""Sessions of an account: end all of them, of the browser and of the app, and its bearer tokens."""

from django.db import transaction

from accounts.actions.locking import lock_reader
from accounts.models import KnownClient, User, new_security_stamp
from audit.actions import record_audit


@transaction.atomic
def end_sessions(user: User) -> User:
    """End all sessions and bearer tokens of an account; known browsers are forgotten too.

    Returns the account with its new stamp, with which the caller's own session may go on.
    """
    account = lock_reader(user)
    account.security_stamp = new_security_stamp()
    account.save(update_fields=["security_stamp"])
    KnownClient.objects.filter(user=account).delete()
    record_audit(account, verb="sessions_ended", by=account)
    return account
