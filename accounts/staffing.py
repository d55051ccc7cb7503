"""Colleagues: taken on, given roles, given a new password. Each is one transaction with its entry."""

from collections.abc import Sequence

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.actions import dress
from accounts.errors import AddressTaken
from accounts.models import Token, User
from logbook.actions import record, record_by_operator
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


@transaction.atomic
def enrol_by_operator(email: str, *, name: str, role: Group) -> User:
    """A colleague with this role, taken on from the command line; the password is theirs to set.

    An account that exists gets the role; its password, sessions and tokens end, since whoever signed up
    with an address need not be the person whom the operator means.
    """
    address = User.objects.normalize_email(email).lower()
    user = User.objects.select_for_update().filter(email=address).first()
    if user is None:
        user = dress(User(email=address, name=one_line(name), is_staff=True))
    elif user.is_active and user.groups.filter(pk=role.pk).exists():
        record_by_operator(user, verb="link_made")
        return user
    else:
        end_sign_ins(user)
        user.is_active = user.is_staff = True
        user.name = one_line(name) or user.name
    user.set_unusable_password()
    user.save()
    user.groups.add(role)
    known = {"verified": True, "primary": True}
    EmailAddress.objects.filter(user=user).exclude(email=address).update(primary=False)
    EmailAddress.objects.update_or_create(user=user, email=address, defaults=known)
    record_by_operator(user, verb="hired", roles=[role.name])
    return user


@transaction.atomic
def lock_account(user: User) -> None:
    """Close an account to everybody from the command line: no password, no session, no token."""
    end_sign_ins(user)
    user.set_unusable_password()
    user.is_active = False
    user.save(update_fields=["password", "is_active"])
    record_by_operator(user, verb="locked")


@transaction.atomic
def take_password_away(user: User) -> None:
    """End what an account's password has opened, from the command line; the account stays open to a
    new password, set by a link."""
    end_sign_ins(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record_by_operator(user, verb="locked", reason="published password")


def end_sign_ins(user: User) -> None:
    """Delete the person's sessions and revoke their tokens. Call it inside the change's transaction."""
    sessions = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [
        session.session_key
        for session in sessions.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(session_key__in=theirs).delete()
    for token in Token.objects.filter(user=user, revoked_at=None):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record_by_operator(token, verb="revoked")


def one_time_link(user: User) -> str:
    """The address at which this person sets a password, once, within PASSWORD_RESET_TIMEOUT seconds.

    allauth's key of the letter to whoever forgot theirs: it ends when the password is another one.
    """
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    address = settings.HEADLESS_FRONTEND_URLS["account_reset_password_from_key"]
    return str(address).format(key=f"{user_pk_to_url_str(user)}-{key}")
