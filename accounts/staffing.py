"""Colleagues: taken on, given roles, given a new password. Each is one transaction with its entry."""

from collections.abc import Sequence

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.actions import fill_account_defaults
from accounts.email_addresses import verify_staff_email
from accounts.errors import EmailTaken
from accounts.models import KnownClient, Token, User, new_security_stamp
from audit.actions import record_audit, record_operator_audit
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.normalization import normalize_line


@transaction.atomic
def create_staff_account(
    email: str, *, name: str, roles: Sequence[Group], password: str, by: User
) -> User:
    """A colleague who can enter the admin from now on. Raises AddressTaken.

    Whoever takes on vouches for the address: a reader who has named it, but never shown it to be theirs,
    holds it no longer.
    """
    address = User.objects.normalize_email(email).lower()
    if any(is_email_settled(user) for user in User.objects.holding_email(address)):
        raise EmailTaken
    User.objects.holding_email(address).update(holds_email=False)
    user = fill_account_defaults(User(email=address, name=normalize_line(name), is_staff=True))
    user.set_password(password)
    user.save()
    user.groups.set(roles)
    verify_staff_email(user)
    record_audit(user, verb="hired", by=by, roles=sorted(role.name for role in roles))
    return user


def is_email_settled(user: User) -> bool:
    """Whether an address cannot be taken from the account that holds it: a colleague's, a confirmed one,
    or one that was given at another door than sign-up."""
    rows = EmailAddress.objects.filter(user=user)
    return user.is_staff or not rows.exists() or rows.filter(verified=True).exists()


@transaction.atomic
def assign_roles(
    user: User, *, name: str, roles: Sequence[Group], is_active: bool, by: User
) -> User:
    """What a person is called, which roles they have, and whether they may sign in.

    A person with a role may enter the admin, one without may not.  Where any of this changes but the
    name, sessions and tokens from before are over, and stay so when it is changed back.
    """
    before = (user.is_active, user.is_staff, {role.pk for role in user.groups.all()})
    user.name, user.is_active = normalize_line(name), is_active
    user.is_staff = bool(roles) or user.is_superuser
    if before != (user.is_active, user.is_staff, {role.pk for role in roles}):
        user.security_stamp = new_security_stamp()
    user.save(update_fields=["name", "is_active", "is_staff", "security_stamp"])
    user.groups.set(roles)
    if user.is_staff and user.holds_email:
        verify_staff_email(user)
    told = sorted(role.name for role in roles)
    record_audit(user, verb="roles_changed", by=by, roles=told, active=is_active)
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: User) -> None:
    """Give a person a new password; sessions and tokens from before are over, known clients forgotten."""
    user.set_password(password)
    user.save(update_fields=["password", "security_stamp"])
    KnownClient.objects.filter(user=user).delete()
    record_audit(user, verb="password_set", by=by)


@transaction.atomic
def enrol_staff_by_operator(email: str, *, name: str, role: Group) -> User:
    """A colleague with this role, taken on from the command line; the password is theirs to set.

    An account that exists gets the role; its password, sessions and tokens end, since whoever signed up
    with an address need not be the person whom the operator means.
    """
    address = User.objects.normalize_email(email).lower()
    user = User.objects.holding_email(address).select_for_update().first()
    if user and not is_email_settled(user):
        User.objects.filter(pk=user.pk).update(holds_email=False)
        user = None
    if user is None:
        user = fill_account_defaults(User(email=address, name=normalize_line(name), is_staff=True))
    elif user.is_active and user.groups.filter(pk=role.pk).exists():
        record_operator_audit(user, verb="link_made")
        return user
    else:
        user.is_active = user.is_staff = True
        user.name = normalize_line(name) or user.name
    revoke_sign_ins(user)
    user.groups.add(role)
    verify_staff_email(user)
    record_operator_audit(user, verb="hired", roles=[role.name])
    return user


@transaction.atomic
def disable_account_by_operator(user: User) -> None:
    """Close an account to everybody from the command line: no password, no session, no token."""
    user.is_active = False
    revoke_sign_ins(user)
    record_operator_audit(user, verb="locked")


@transaction.atomic
def revoke_password_by_operator(user: User) -> None:
    """End what an account's password has opened, from the command line; the account stays open to a
    new password, set by a link."""
    revoke_sign_ins(user)
    record_operator_audit(user, verb="locked", reason="published password")


def revoke_sign_ins(user: User) -> None:
    """Save the person without a password, and end their sessions, tokens and known clients for good.
    Call it inside the change's transaction."""
    user.set_unusable_password()
    user.security_stamp = new_security_stamp()
    user.save()
    KnownClient.objects.filter(user=user).delete()
    for token in Token.objects.filter(user=user, revoked_at=None):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record_operator_audit(token, verb="revoked")


def one_time_password_link(user: User) -> str:
    """The address at which this person sets a password, once, within PASSWORD_RESET_TIMEOUT seconds.

    allauth's key of the letter to whoever forgot theirs: it ends when the password is another one.
    """
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return absolute_url(f"/account/password/{user_pk_to_url_str(user)}-{key}/")
