"""Actions on accounts: create, nickname, close, tokens, suspension. Each writes its audit entry."""

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
# Saved by close_account.
FIELDS_CLEARED_ON_CLOSING = [
    *("email", "name", "nickname", "nickname_key", "suspended_until", "suspension_reason"),
    *("is_active", "last_login", "password", "security_stamp"),
]


def fill_account_defaults(user: User) -> User:
    """Set the defaults of an unsaved account: a random nickname if it has none, and `holds_email`.

    A new account holds its e-mail address if no other one does (docs/decisions/0021-sign-in.md).
    """
    user.email = user.email.lower()
    if user._state.adding:
        user.holds_email = not User.objects.holding_email(user.email).exists()
    user.nickname = user.nickname or random_nickname()
    user.nickname_key = skeleton(user.nickname)
    return user


@transaction.atomic
def create_reader(user: User) -> User:
    """Save a new reader's account; without its nickname or address if another one has just taken it."""
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
    """Write the audit entry of a new account, in the transaction that saves it."""
    record_audit(user, verb="joined", by=user)


@transaction.atomic
def change_nickname(user: User, *, nickname: str) -> User:
    """Change a reader's nickname. Raises InvalidNickname, NicknameTaken."""
    nickname = check_nickname(nickname, by=user)
    if nickname == user.nickname:
        return user
    user.nickname, user.nickname_key = nickname, skeleton(nickname)
    try:
        with transaction.atomic():
            user.save(update_fields=["nickname", "nickname_key"])
    except IntegrityError:
        raise NicknameTaken from None
    renew_on_commit()  # cached comments show the former name
    # Without the names: the audit log is kept for ever.
    record_audit(user, verb="renamed", by=user)
    return user


def check_nickname(nickname: str, *, by: User | None) -> str:
    """The normalized nickname, if this person (None: a new one) may take it.

    Raises InvalidNickname, and NicknameTaken if it looks like the nickname of another reader or of a
    closed account, or like the name of a member of staff.
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
    """Close a reader's account: erase address, name, sign-ins and tokens.

    The row stays, empty, for its references; the nickname stays taken (`retired_nickname_key`).
    Raises StaffAccountCannotClose.
    """
    reader = lock_reader(user)
    if reader.is_staff:
        raise StaffAccountCannotClose
    EmailAddress.objects.filter(user=reader).delete()
    SocialAccount.objects.filter(user=reader).delete()
    Token.objects.filter(user=reader).delete()
    KnownClient.objects.filter(user=reader).delete()
    SignInAlert.objects.filter(user=reader).delete()
    Authenticator.objects.filter(user=reader).delete()
    reader.groups.clear()
    reader.email = f"closed-{reader.pk}@closed.invalid"
    reader.name, reader.nickname, reader.nickname_key = (
        "",
        ERASED_PERSON_NAME,
        retired_nickname_key(reader.nickname_key),
    )
    reader.suspended_until, reader.suspension_reason = None, ""
    reader.is_active, reader.last_login = False, None
    reader.set_unusable_password()
    reader.security_stamp = new_security_stamp()
    reader.save(update_fields=FIELDS_CLEARED_ON_CLOSING)
    renew_on_commit()  # cached comments show the name
    erase_person_name(reader)
    record_audit(reader, verb="left", by=reader)


@transaction.atomic
def issue_token(
    user: User, *, scopes: Iterable[str], label: str = "", lifetime: timedelta | None = None
) -> str:
    """Issue a bearer token and return its key, of which only a digest is stored.

    Without `lifetime` it does not expire.  Raises NoSuchAccount for an inactive account.
    """
    if not user.is_active:
        raise NoSuchAccount
    key = Token.new_key()
    expires_at = timezone.now() + lifetime if lifetime else None
    token = Token.objects.create(
        user=user,
        digest=Token.digest_of(key),
        scopes=sorted(scopes),
        label=label,
        expires_at=expires_at,
        security_stamp=User.objects.values_list("security_stamp", flat=True).get(pk=user.pk),
    )
    record_audit(token, verb="issued", by=user, scopes=token.scopes, label=label)
    return key


@transaction.atomic
def revoke_token(token: Token, *, by: User) -> None:
    """Revoke a token for ever. Idempotent."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record_audit(token, verb="revoked", by=by)


@transaction.atomic
def suspend(user: User, *, until: datetime, reason: str, by: User) -> None:
    """Suspend a reader from writing until a time; reading and closing the account stay possible."""
    user.suspended_until, user.suspension_reason = until, reason
    user.save(update_fields=["suspended_until", "suspension_reason"])
    record_audit(user, verb="suspended", by=by, until=until.isoformat(), reason=reason)


@transaction.atomic
def lift_suspension(user: User, *, by: User) -> None:
    """Lift a suspension at once."""
    user.suspended_until, user.suspension_reason = None, ""
    user.save(update_fields=["suspended_until", "suspension_reason"])
    record_audit(user, verb="suspension_lifted", by=by)


def lock_reader(user: User) -> User:
    """Lock an active account until the transaction ends, which serializes one person's actions.

    Raises NotAllowed if the account was closed meanwhile.
    """
    reader = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    if reader is None or not reader.is_active:
        raise NotAllowed
    return reader


def lock_writer(user: User) -> User:
    """Lock an active account that may write now. Raises NotAllowed, Suspended.

    Reads the suspension from the row, so that it applies to open sessions from the next request on.
    """
    writer = lock_reader(user)
    if writer.suspended_until and writer.is_suspended(timezone.now()):
        raise Suspended(writer.suspended_until, writer.suspension_reason)
    return writer
