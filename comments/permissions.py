"""Permissions on comments."""

from accounts.models import User


def may_moderate_comments(user: User) -> bool:
    """Whether the user may show, hide and hold comments."""
    return user.is_active and user.has_perm("comments.moderate_comment")
