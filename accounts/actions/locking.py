"""Row locks of accounts: who may read and write, decided by the row (sanctions, confirmed address)."""

from functools import cache

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils import timezone

from accounts.email_addresses import is_email_settled
from accounts.errors import AccountClosing, ConsentNeeded, EmailUnconfirmed, Muted, Suspended
from accounts.models import SanctionKind, User
from accounts.models.consents import lacks_required_consents
from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.errors import NotAllowed


def lock_account(account_id: int) -> User:
    """Lock an active account until the transaction ends, which serializes one person's actions.

    Raises NotAllowed if the account was closed meanwhile.
    """
    reader = next(iter(locked_account_query().fetch(pk=account_id)), None)
    if reader is None or not reader.is_active:
        raise NotAllowed
    return reader


@cache
def locked_account_query() -> CompiledQuery[User]:
    """Compiled once: each write of a reader begins with it."""
    rows = User.objects.select_for_update(no_key=True)
    return CompiledQuery(rows.filter(pk=Param("pk", BigIntegerField())))


def lock_reader(user: User) -> User:
    """Lock an active account until the transaction ends. Raises NotAllowed."""
    return lock_account(user.pk)


def lock_writer(user: User) -> User:
    """Lock an active account that may write now. Raises as `lock_writing_account` does."""
    return lock_writing_account(user.pk)


def lock_writing_account(account_id: int) -> User:
    """Lock an active account that may write now: comment, vote, react, report or choose a nickname.

    Raises NotAllowed, Suspended, AccountClosing, ConsentNeeded. Reads suspension and consents from the row,
    so that they apply to open sessions from the next request on.
    """
    writer = lock_account(account_id)
    if writer.suspended_until and writer.is_suspended(timezone.now()):
        raise Suspended(writer.suspended_until, writer.suspension_reason)
    if writer.closing_at:
        raise AccountClosing(writer.closing_at)
    if lacks_required_consents(writer):
        raise ConsentNeeded
    return writer


def lock_confirmed_writer(user: User) -> User:
    """Lock an active account that may write now and has confirmed its e-mail address.

    Raises NotAllowed, Suspended, AccountClosing, ConsentNeeded, EmailUnconfirmed. The address may be
    unconfirmed with `COMMENTS_NEED_CONFIRMED_EMAIL=0`.
    """
    writer = lock_writer(user)
    if settings.COMMENTS_NEED_CONFIRMED_EMAIL and not is_email_settled(writer):
        raise EmailUnconfirmed
    return writer


def lock_commenter(user: User) -> User:
    """Lock a confirmed writer who may comment now: neither suspended nor muted.

    Raises as `lock_confirmed_writer` does, and Muted.
    """
    writer = lock_confirmed_writer(user)
    if writer.suspended_until and writer.restriction(timezone.now()) == SanctionKind.MUTE:
        raise Muted(writer.suspended_until, writer.suspension_reason)
    return writer
