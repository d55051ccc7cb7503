"""Who may do what at the desk. Pure questions about permissions; the actions ask them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q

from accounts.models import User


def may_read(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("desk.view_draft"))


def may_write(user: User) -> bool:
    return user.is_active and user.has_perm("desk.change_draft")


def may_approve(user: User) -> bool:
    return user.is_active and user.has_perm("desk.approve_draft")


def may_publish(user: User) -> bool:
    return user.is_active and user.has_perm("desk.publish_draft")


def may_withdraw(user: User) -> bool:
    return user.is_active and user.has_perm("desk.withdraw_draft")


def may_restore(user: User) -> bool:
    return user.is_active and user.has_perm("desk.restore_draft")


# What it takes to open what a notice is about. Somebody may have had the right when they were told.
NOTICE_PERMISSIONS = {
    "desk.release": "desk.view_release",
    "desk.bundle": "desk.view_bundle",
    "outbox.subscriber": "outbox.view_subscriber",
}


def forbidden_notice_kinds(user: Any) -> list[str]:
    """The kinds of things of which this person is shown no notice."""
    return [kind for kind, needed in NOTICE_PERMISSIONS.items() if not user.has_perm(needed)]


def can_act(user: User, permission: str, now: datetime) -> bool:
    """Whether this person can come to the desk at this moment and do something about a thing."""
    here = user.is_active and user.is_staff and not user.is_suspended(now)
    return here and user.has_perm(permission)


def users_who_can_act(permission: str, now: datetime) -> list[User]:
    """Everybody who can, by role; administrators, who may do anything, only where nobody else can."""
    here = User.objects.filter(is_active=True, is_staff=True).exclude(suspended_until__gt=now)
    room, _dot, codename = permission.partition(".")
    named = Permission.objects.filter(content_type__app_label=room, codename=codename)
    by_role = here.filter(Q(groups__permissions__in=named) | Q(user_permissions__in=named))
    found = list(by_role.distinct().order_by("pk"))
    return found or list(here.filter(is_superuser=True).order_by("pk"))
