"""Closing of an account with a term in which it can be taken back (ACCOUNT_CLOSING_DAYS).

In it the account cannot write, and others do not see its nickname. Afterwards a task erases it
(pages/account_data.py). `DELETE me/` closes at once, without a term.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions.locking import lock_reader
from accounts.errors import StaffAccountCannotClose
from accounts.models import User
from audit.actions import record_audit
from newsroom.http.change_token import renew_on_commit


@transaction.atomic
def request_closing(user: User) -> User:
    """Have an account closed at the end of the term; asked for again, the first term goes on.

    Raises StaffAccountCannotClose.
    """
    reader = lock_reader(user)
    if reader.is_staff:
        raise StaffAccountCannotClose
    if reader.closing_at is None:
        reader.closing_at = timezone.now() + timedelta(days=settings.ACCOUNT_CLOSING_DAYS)
        reader.save(update_fields=["closing_at"])
        renew_on_commit()  # cached comments show the nickname
        record_audit(reader, verb="closing_requested", by=reader)
    return reader


@transaction.atomic
def cancel_closing(user: User) -> User:
    """Keep an account that was to be closed; idempotent. Raises NotAllowed once it is closed."""
    reader = lock_reader(user)
    if reader.closing_at is not None:
        reader.closing_at = None
        reader.save(update_fields=["closing_at"])
        renew_on_commit()
        record_audit(reader, verb="closing_cancelled", by=reader)
    return reader
