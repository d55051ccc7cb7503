"""What happens to accounts. Each action is one transaction with its entry in the logbook."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NicknameTaken, NicknameUnfit, NoSuchPerson, Suspended
from accounts.models import Token, User
from accounts.names import made_up, problem_with, skeleton, tidy
from logbook.actions import record

SCOPES = ("desk", "wire", "read")


def dress(user: User) -> User:
    """Give a person who is about to be saved a nickname, if they have none."""
    user.email = user.email.lower()
    user.nickname = user.nickname or made_up()
    user.nickname_key = skeleton(user.nickname)
    return user


@transaction.atomic
def rename(user: User, *, nickname: str) -> User:
    """Let a reader take another nickname.

    Raises NicknameUnfit for one nobody may have, NicknameTaken for one that looks like another's.
    """
    nickname = tidy(nickname)
    if problem_with(nickname):
        raise NicknameUnfit
    before, user.nickname, user.nickname_key = user.nickname, nickname, skeleton(nickname)
    if User.objects.filter(nickname_key=user.nickname_key).exclude(pk=user.pk).exists():
        raise NicknameTaken
    try:
        with transaction.atomic():
            user.save(update_fields=["nickname", "nickname_key"])
    except IntegrityError:
        raise NicknameTaken from None
    record(user, verb="renamed", by=user, before=before, after=nickname)
    return user


@transaction.atomic
def issue_token(
    user: User, *, scopes: Iterable[str], label: str = "", lasting: timedelta | None = None
) -> str:
    """A new bearer token in this person's name; the key is shown this once and never kept."""
    if not user.is_active:
        raise NoSuchPerson
    key = Token.new_key()
    until = timezone.now() + lasting if lasting else None
    token = Token.objects.create(
        user=user, digest=Token.digest_of(key), scopes=sorted(scopes), label=label, expires_at=until
    )
    record(token, verb="issued", by=user, scopes=token.scopes, label=label)
    return key


@transaction.atomic
def revoke_token(token: Token, *, by: User) -> None:
    """Close a token for ever. Doing it twice changes nothing."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(token, verb="revoked", by=by)


@transaction.atomic
def suspend(user: User, *, until: datetime, reason: str, by: User) -> None:
    """Bar a reader from writing until a moment; reading and leaving stay possible."""
    user.suspended_until, user.suspension_reason = until, reason
    user.save(update_fields=["suspended_until", "suspension_reason"])
    record(user, verb="suspended", by=by, until=until.isoformat(), reason=reason)


@transaction.atomic
def lift_suspension(user: User, *, by: User) -> None:
    """Let a suspended reader write again at once."""
    user.suspended_until, user.suspension_reason = None, ""
    user.save(update_fields=["suspended_until", "suspension_reason"])
    record(user, verb="suspension_lifted", by=by)


def refuse_suspended(user: User) -> None:
    """Raise Suspended, with its end and reason, while a person is barred from writing.

    Reads the row anew: a ban counts from the next request on, whatever a session remembers.
    """
    now = timezone.now()
    user.refresh_from_db(fields=["suspended_until", "suspension_reason", "is_active"])
    if user.suspended_until and user.is_suspended(now):
        raise Suspended(user.suspended_until, user.suspension_reason)
