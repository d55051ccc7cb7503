"""Permissions on accounts: who may sanction whom."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User


def may_sanction(user: Any) -> bool:
    """Whether the user may sanction readers: chiefs and moderators of comments."""
    return bool(
        user.is_active
        and (user.has_perm("accounts.change_user") or user.has_perm("comments.moderate_comment"))
    )


def rank_of(user: "User") -> int:
    """Rank of an account: 0 reader, 1 staff, 2 manager of accounts (chief), 3 superuser."""
    if user.is_superuser:
        return 3
    if user.has_perm("accounts.change_user"):
        return 2
    return int(user.is_staff)


def outranks(user: "User", other: "User") -> bool:
    """Whether the user stands above the other: never above oneself or an equal."""
    return user.pk != other.pk and rank_of(user) > rank_of(other)
