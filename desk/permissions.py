"""Permissions of the desk, as predicates. Actions check them with `newsroom.errors.require`."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from accounts.models import SanctionKind, User


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


def may_erase(user: User) -> bool:
    return user.is_active and user.has_perm("desk.erase_article")


def may_view_claims(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("desk.view_claim"))


def may_record_claims(user: User) -> bool:
    return user.is_active and user.has_perm("desk.add_claim")


def may_handle_claims(user: User) -> bool:
    return user.is_active and user.has_perm("desk.change_claim")


def may_view_claimants(user: Any) -> bool:
    """Whether the user may see who made a claim (personal data)."""
    return bool(may_view_claims(user) and user.has_perm("desk.view_claimant"))


# {kind of a notice's subject: permission to view it}. It may be withdrawn after the notice was created.
NOTICE_PERMISSIONS = {
    "desk.release": "desk.view_release",
    "desk.bundle": "desk.view_bundle",
    "desk.claim": "desk.view_claim",
    "desk.draft": "desk.view_draft",
    "outbox.subscriber": "outbox.view_subscriber",
}


def forbidden_notice_kinds(user: Any) -> list[str]:
    """Kinds of subjects of which this person may not see notices."""
    return [kind for kind, perm in NOTICE_PERMISSIONS.items() if not user.has_perm(perm)]


def can_act(user: User, permission: str, now: datetime) -> bool:
    """Whether this person can sign in to the admin now and has the permission."""
    can_sign_in = user.is_active and user.is_staff and not user.is_suspended(now)
    return can_sign_in and user.has_perm(permission)


def people_who_can_write(now: datetime) -> QuerySet[User]:
    """Members of staff who can sign in now and write stories by their role, and superusers; by name."""
    permission = Permission.objects.filter(content_type__app_label="desk", codename="change_draft")
    own = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    people = active_staff(now).filter(own | Q(is_superuser=True))
    return people.distinct().order_by("name", "pk")


def users_who_can_act(permission: str, now: datetime) -> list[User]:
    """All users who `can_act` by role; superusers only if there are no others.

    Where sections matter: `desk.section_rights.people_who_can_act`.
    """
    return users_with_role(permission, now) or active_superusers(now)


def users_with_role(permission: str, now: datetime) -> list[User]:
    """Members of staff who can sign in now and have the permission by their role."""
    app, _dot, codename = permission.partition(".")
    permissions = Permission.objects.filter(content_type__app_label=app, codename=codename)
    by_role = active_staff(now).filter(
        Q(groups__permissions__in=permissions) | Q(user_permissions__in=permissions)
    )
    return list(by_role.distinct().order_by("pk"))


def active_superusers(now: datetime) -> list[User]:
    return list(active_staff(now).filter(is_superuser=True).order_by("pk"))


def active_staff(now: datetime) -> QuerySet[User]:
    """Members of staff who can sign in to the admin now."""
    return User.objects.filter(is_active=True, is_staff=True).exclude(
        suspended_until__gt=now, suspension_kind=SanctionKind.BAN
    )
