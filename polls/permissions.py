"""Permissions on polls."""

from accounts.models import User


def may_void_votes(user: User) -> bool:
    """Whether the user may take votes out of the count."""
    return user.is_active and user.has_perm("polls.void_vote")


def may_close_polls(user: User) -> bool:
    """Whether the user may close polls: everybody who may publish stories."""
    return user.is_active and user.has_perm("desk.publish_draft")
