"""Accounts of readers: create, close."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.consents import end_consents, record_sign_up_consents
from accounts.actions.locking import lock_reader
from accounts.actions.nicknames import retire_former_nicknames
from accounts.actions.retained_sanctions import retain_suspension, take_over_suspension
from accounts.errors import StaffAccountCannotClose
from accounts.models import (
    ConsentEnd,
    EmailCode,
    IgnoredReader,
    KnownClient,
    RetainedSanction,
    Sanction,
    SignInAlert,
    Token,
    User,
    UserSession,
    new_security_stamp,
)
from accounts.models.consents import current_version, versions_of
from accounts.nicknames import random_nickname, retired_nickname_key, skeleton
from audit.actions import ERASED_PERSON_NAME, erase_person_name, record_audit
from newsroom.http.change_token import renew_on_commit

# Saved by close_account.
FIELDS_CLEARED_ON_CLOSING = [
    *("email", "name", "nickname", "nickname_key", "suspended_until", "suspension_reason"),
    *("is_active", "last_login", "password", "security_stamp", "closing_at"),
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
def create_reader(user: User, *, consents: Iterable[str]) -> User:
    """Save a new reader's account; without its nickname or address if another one has just taken it.

    `consents` are the kinds of texts to which the reader has consented at sign-up.
    """
    kinds = list(consents)
    user.consented_versions = versions_of({kind: current_version(kind) for kind in kinds})
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        if User.objects.filter(nickname_key=user.nickname_key).exists():
            user.nickname = ""
        fill_account_defaults(user).save()
    record_sign_up_consents(user, kinds)
    record_joined(user)
    return user


def record_joined(user: User) -> None:
    """Write the audit entry of a new account, in the transaction that saves it.

    A suspension of whoever had its proven address or social account goes over to it.
    """
    record_audit(user, verb="joined", by=user)
    take_over_suspension(user)


@transaction.atomic
def close_account(user: User) -> None:
    """Close a reader's account: erase address, name, sign-ins and tokens.

    The row stays, empty, for its references; the nickname stays taken (`retired_nickname_key`), and a
    suspension stays by the digests of the identities, until it ends (`retain_suspension`).
    Raises StaffAccountCannotClose.
    """
    reader = lock_reader(user)
    if reader.is_staff:
        raise StaffAccountCannotClose
    retain_suspension(reader)  # while its addresses and social accounts are known
    RetainedSanction.objects.filter(user=reader).update(user=None)
    Sanction.objects.filter(user=reader).delete()
    retire_former_nicknames(reader)
    EmailCode.objects.filter(user=reader).delete()
    EmailAddress.objects.filter(user=reader).delete()
    SocialAccount.objects.filter(user=reader).delete()
    Token.objects.filter(user=reader).delete()
    KnownClient.objects.filter(user=reader).delete()
    SignInAlert.objects.filter(user=reader).delete()
    UserSession.objects.filter(user=reader).delete()
    Authenticator.objects.filter(user=reader).delete()
    IgnoredReader.objects.filter(Q(reader=reader) | Q(author=reader)).delete()
    end_consents(reader, ended_by=ConsentEnd.CLOSED, at=timezone.now())
    reader.groups.clear()
    reader.closing_at = None
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
