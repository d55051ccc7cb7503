"""What happens to accounts. Each action is one transaction with its entry in the audit log."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import (
    InvalidNickname,
    NicknameTaken,
    NoSuchAccount,
    StaffAccountCannotClose,
    Suspended,
)
from accounts.models import KnownClient, SignInAlert, Token, User, new_security_stamp
from accounts.nicknames import (
    is_invalid_nickname,
    is_lookalike,
    normalize_nickname,
    random_nickname,
    retired_nickname_key,
    skeleton,
)
from audit.actions import ERASED_PERSON_NAME, erase_person_name, record_audit
from newsroom.errors import NotAllowed
from newsroom.http.change_token import renew_on_commit

TOKEN_SCOPES = ("desk", "wire", "read")
# What an account that is closed is emptied of.
FIELDS_CLEARED_ON_CLOSING = [
    *("email", "name", "nickname", "nickname_key", "suspended_until", "suspension_reason"),
    *("is_active", "last_login", "password", "security_stamp"),
]


def fill_account_defaults(user: User) -> User:
    """Give a person who is about to be saved a nickname, if they have none, and the address, if nobody
    holds it."""
    user.email = user.email.lower()
    if user._state.adding:
        user.holds_email = not User.objects.holding_email(user.email).exists()
    user.nickname = user.nickname or random_nickname()
    user.nickname_key = skeleton(user.nickname)
    return user


@transaction.atomic
def create_reader(user: User) -> User:
    """Keep a new reader's account; where somebody took nickname or address this moment, without."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        if User.objects.filter(nickname_key=user.nickname_key).exists():
            user.nickname = ""
        fill_account_defaults(user).save()
    record_joined(user)
    return user


def record_joined(user: User) -> None:
    """Write down that a reader came. Call it inside the transaction that keeps the account."""
    record_audit(user, verb="joined", by=user)


@transaction.atomic
def change_nickname(user: User, *, nickname: str) -> User:
    """Let a reader take another nickname.

    Raises NicknameUnfit for one nobody may have, NicknameTaken for one that looks like another's.
    """
    nickname = check_nickname(nickname, by=user)
    if nickname == user.nickname:
        return user
    user.nickname, user.nickname_key = nickname, skeleton(nickname)
    try:
        with transaction.atomic():
            user.save(update_fields=["nickname", "nickname_key"])
    except IntegrityError:
        raise NicknameTaken from None
    renew_on_commit()  # a copy that was made before shows the former name under comments
    # The names themselves stay out of the details: those are kept for ever.
    record_audit(user, verb="renamed", by=user)
    return user


def check_nickname(nickname: str, *, by: User | None) -> str:
    """The nickname as it is kept, if this person (None: somebody new) may take it.

    Raises NicknameUnfit for one nobody may have, NicknameTaken for one that looks like another's:
    a reader's, a colleague's name, or one of somebody who has left.
    """
    nickname = normalize_nickname(nickname)
    if is_invalid_nickname(nickname):
        raise InvalidNickname
    key, others = skeleton(nickname), User.objects.exclude(pk=by.pk if by else 0)
    staff = others.filter(is_staff=True).values_list("name", flat=True)
    if others.filter(nickname_key__in=[key, retired_nickname_key(key)]).exists() or any(
        is_lookalike(nickname, name) for name in staff
    ):
        raise NicknameTaken
    return nickname


@transaction.atomic
def close_account(user: User) -> None:
    """Erase who a leaving reader is: address, name, sign-ins, tokens; nobody can sign in again.

    The row stays, empty, for what points at it; the nickname stays taken
    (accounts.nicknames.retired_nickname_key).
    Raises StaffStays for a colleague.
    """
    leaver = lock_reader(user)
    if leaver.is_staff:
        raise StaffAccountCannotClose
    EmailAddress.objects.filter(user=leaver).delete()
    SocialAccount.objects.filter(user=leaver).delete()
    Token.objects.filter(user=leaver).delete()
    KnownClient.objects.filter(user=leaver).delete()
    SignInAlert.objects.filter(user=leaver).delete()
    Authenticator.objects.filter(user=leaver).delete()
    leaver.groups.clear()
    leaver.email = f"closed-{leaver.pk}@closed.invalid"
    leaver.name, leaver.nickname, leaver.nickname_key = (
        "",
        ERASED_PERSON_NAME,
        retired_nickname_key(leaver.nickname_key),
    )
    leaver.suspended_until, leaver.suspension_reason = None, ""
    leaver.is_active, leaver.last_login = False, None
    leaver.set_unusable_password()
    leaver.security_stamp = new_security_stamp()
    leaver.save(update_fields=FIELDS_CLEARED_ON_CLOSING)
    renew_on_commit()  # a copy that was made before shows the name under comments
    erase_person_name(leaver)
    record_audit(leaver, verb="left", by=leaver)


@transaction.atomic
def issue_token(
    user: User, *, scopes: Iterable[str], label: str = "", lifetime: timedelta | None = None
) -> str:
    """A new bearer token in this person's name; the key is shown this once and never kept."""
    if not user.is_active:
        raise NoSuchAccount
    key = Token.new_key()
    until = timezone.now() + lifetime if lifetime else None
    token = Token.objects.create(
        user=user,
        digest=Token.digest_of(key),
        scopes=sorted(scopes),
        label=label,
        expires_at=until,
        security_stamp=User.objects.values_list("security_stamp", flat=True).get(pk=user.pk),
    )
    record_audit(token, verb="issued", by=user, scopes=token.scopes, label=label)
    return key


@transaction.atomic
def revoke_token(token: Token, *, by: User) -> None:
    """Close a token for ever. Doing it twice changes nothing."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record_audit(token, verb="revoked", by=by)


@transaction.atomic
def suspend(user: User, *, until: datetime, reason: str, by: User) -> None:
    """Bar a reader from writing until a moment; reading and leaving stay possible."""
    user.suspended_until, user.suspension_reason = until, reason
    user.save(update_fields=["suspended_until", "suspension_reason"])
    record_audit(user, verb="suspended", by=by, until=until.isoformat(), reason=reason)


@transaction.atomic
def lift_suspension(user: User, *, by: User) -> None:
    """Let a suspended reader write again at once."""
    user.suspended_until, user.suspension_reason = None, ""
    user.save(update_fields=["suspended_until", "suspension_reason"])
    record_audit(user, verb="suspension_lifted", by=by)


def lock_reader(user: User) -> User:
    """The person's row, held until the transaction ends: what one person does comes in order.

    Raises NotAllowed for an account that was closed meanwhile.
    """
    reader = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    if reader is None or not reader.is_active:
        raise NotAllowed
    return reader


def lock_writer(user: User) -> User:
    """The same, if the person may write now. Raises Suspended too, with end and reason.

    A ban counts from the next request on, whatever a session remembers.
    """
    writer = lock_reader(user)
    if writer.suspended_until and writer.is_suspended(timezone.now()):
        raise Suspended(writer.suspended_until, writer.suspension_reason)
    return writer
