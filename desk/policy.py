"""Who may do what at the desk. Pure questions about permissions; the actions ask them."""

from typing import Any

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
