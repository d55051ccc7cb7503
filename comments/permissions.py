"""Permissions on comments."""

from accounts.models import User


def may_moderate_comments(user: User) -> bool:
    """Whether the user may show, hide and hold comments."""
    return user.is_active and user.has_perm("comments.moderate_comment")


def may_lead_moderation(user: User) -> bool:
    """Whether the user may take over leases and change the reasons of decisions."""
    return user.is_active and user.has_perm("comments.lead_moderation")
