"""Who may decide on what readers write."""

from accounts.models import User
from newsroom.errors import NotAllowed


def may_moderate(user: User) -> bool:
    return user.is_active and user.has_perm("comments.moderate_comment")


def require(allowed: bool) -> None:
    """Raise NotAllowed unless it is allowed: `require(may_moderate(mo))`."""
    if not allowed:
        raise NotAllowed
