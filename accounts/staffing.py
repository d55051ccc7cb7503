"""Colleagues: taken on, given roles, given a new password. Each is one transaction with its entry."""

from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions import dress
from accounts.errors import AddressTaken
from accounts.models import User
from logbook.actions import record
from newsroom.text import one_line


@transaction.atomic
def hire(email: str, *, name: str, roles: Sequence[Group], password: str, by: User) -> User:
    """A colleague who can enter the admin from now on. Raises AddressTaken."""
    address = User.objects.normalize_email(email).lower()
    if User.objects.filter(email=address).exists():
        raise AddressTaken
    user = dress(User(email=address, name=one_line(name), is_staff=True))
    user.set_password(password)
    user.save()
    user.groups.set(roles)
    record(user, verb="hired", by=by, roles=sorted(role.name for role in roles))
    return user


@transaction.atomic
def assign(user: User, *, name: str, roles: Sequence[Group], is_active: bool, by: User) -> User:
    """What a person is called, which roles they have, and whether they may sign in.

    A person with a role may enter the admin, one without may not.
    """
    user.name, user.is_active = one_line(name), is_active
    user.is_staff = bool(roles) or user.is_superuser
    user.save(update_fields=["name", "is_active", "is_staff"])
    user.groups.set(roles)
    told = sorted(role.name for role in roles)
    record(user, verb="roles_changed", by=by, roles=told, active=is_active)
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: User) -> None:
    """Give a person a new password; whoever is signed in with the old one is out."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user, verb="password_set", by=by)
