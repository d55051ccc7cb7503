"""Who may do what with polls."""

from accounts.models import User


def may_void_votes(user: User) -> bool:
    return user.is_active and user.has_perm("polls.void_vote")


def may_close_polls(user: User) -> bool:
    """Whoever may publish the story may end its poll."""
    return user.is_active and user.has_perm("desk.publish_draft")
