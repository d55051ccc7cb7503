"""Actions on staff accounts: create, assign roles, set a password. Each writes its audit entry."""

from collections.abc import Sequence

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.actions import fill_account_defaults
from accounts.email_addresses import is_email_settled, verify_staff_email
from accounts.errors import EmailTaken
from accounts.models import KnownClient, Token, User, new_security_stamp
from audit.actions import record_audit, record_operator_audit
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.normalization import normalize_line


@transaction.atomic
def create_staff_account(
    email: str, *, name: str, roles: Sequence[Group], password: str, by: User
) -> User:
    """Create a staff account. Raises EmailTaken.

    Its address counts as verified, since the person creating it vouches for it: a reader who has the
    address without having confirmed it no longer holds it.
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


@transaction.atomic
def assign_roles(
    user: User, *, name: str, roles: Sequence[Group], is_active: bool, by: User
) -> User:
    """Set the name and the roles of an account, and whether it is active.

    An account with a role is staff and may enter the admin.  A change of anything but the name ends
    existing sessions and tokens, also if it is changed back.
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
    role_names = sorted(role.name for role in roles)
    record_audit(user, verb="roles_changed", by=by, roles=role_names, active=is_active)
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: User) -> None:
    """Set a password; existing sessions and tokens end, known clients are deleted."""
    user.set_password(password)
    user.save(update_fields=["password", "security_stamp"])
    KnownClient.objects.filter(user=user).delete()
    record_audit(user, verb="password_set", by=by)


@transaction.atomic
def enrol_staff_by_operator(email: str, *, name: str, role: Group) -> User:
    """Create a staff account with this role from the command line, without a password.

    An existing account gets the role.  Its password, sessions and tokens end, since the person who signed
    up with the address need not be the one the operator means.
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
    """Deactivate an account from the command line: no password, no sessions, no tokens."""
    user.is_active = False
    revoke_sign_ins(user)
    record_operator_audit(user, verb="locked")


@transaction.atomic
def revoke_password_by_operator(user: User) -> None:
    """Remove an account's password, sessions and tokens from the command line.

    The account stays active: a new password can be set by a link.
    """
    revoke_sign_ins(user)
    record_operator_audit(user, verb="locked", reason="published password")


def revoke_sign_ins(user: User) -> None:
    """Save an account without a password; end its sessions, tokens and known clients.

    In the caller's transaction.
    """
    user.set_unusable_password()
    user.security_stamp = new_security_stamp()
    user.save()
    KnownClient.objects.filter(user=user).delete()
    for token in Token.objects.filter(user=user, revoked_at=None):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record_operator_audit(token, verb="revoked")


def one_time_password_link(user: User) -> str:
    """The URL at which this person can set a password, valid for PASSWORD_RESET_TIMEOUT seconds.

    With allauth's password reset key, which a change of the password makes invalid.
    """
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return absolute_url(f"/account/password/{user_pk_to_url_str(user)}-{key}/")
