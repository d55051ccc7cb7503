"""Colleagues: taken on, given roles, given a new password. Each is one transaction with its entry."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions import dress
from accounts.addresses import vouch
from accounts.errors import AddressTaken
from accounts.models import KnownClient, User, new_security_stamp
from logbook.actions import record
from newsroom.text import one_line


@transaction.atomic
def hire(email: str, *, name: str, roles: Sequence[Group], password: str, by: User) -> User:
    """A colleague who can enter the admin from now on. Raises AddressTaken.

    Whoever takes on vouches for the address: a reader who has named it, but never shown it to be theirs,
    holds it no longer.
    """
    address = User.objects.normalize_email(email).lower()
    if any(is_theirs(user) for user in User.objects.holding(address)):
        raise AddressTaken
    User.objects.holding(address).update(holds_email=False)
    user = dress(User(email=address, name=one_line(name), is_staff=True))
    user.set_password(password)
    user.save()
    user.groups.set(roles)
    vouch(user)
    record(user, verb="hired", by=by, roles=sorted(role.name for role in roles))
    return user


def is_theirs(user: User) -> bool:
    """Whether an address cannot be taken from the account that holds it: a colleague's, a confirmed one,
    or one that was given at another door than sign-up."""
    rows = EmailAddress.objects.filter(user=user)
    return user.is_staff or not rows.exists() or rows.filter(verified=True).exists()


@transaction.atomic
def assign(user: User, *, name: str, roles: Sequence[Group], is_active: bool, by: User) -> User:
    """What a person is called, which roles they have, and whether they may sign in.

    A person with a role may enter the admin, one without may not.  Where any of this changes but the
    name, sessions and tokens from before are over, and stay so when it is changed back.
    """
    before = (user.is_active, user.is_staff, {role.pk for role in user.groups.all()})
    user.name, user.is_active = one_line(name), is_active
    user.is_staff = bool(roles) or user.is_superuser
    if before != (user.is_active, user.is_staff, {role.pk for role in roles}):
        user.security_stamp = new_security_stamp()
    user.save(update_fields=["name", "is_active", "is_staff", "security_stamp"])
    user.groups.set(roles)
    if user.is_staff and user.holds_email:
        vouch(user)
    told = sorted(role.name for role in roles)
    record(user, verb="roles_changed", by=by, roles=told, active=is_active)
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: User) -> None:
    """Give a person a new password; sessions and tokens from before are over, known clients forgotten."""
    user.set_password(password)
    user.save(update_fields=["password", "security_stamp"])
    KnownClient.objects.filter(user=user).delete()
    record(user, verb="password_set", by=by)
