"""Who may do what with polls."""

from accounts.models import User
from newsroom.errors import NotAllowed


def may_void(user: User) -> bool:
    return user.is_active and user.has_perm("polls.void_vote")


def require(allowed: bool) -> None:
    """Raise NotAllowed unless it is allowed."""
    if not allowed:
        raise NotAllowed
