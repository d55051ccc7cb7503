"""Who may decide on what readers write."""

from accounts.models import User


def may_moderate_comments(user: User) -> bool:
    return user.is_active and user.has_perm("comments.moderate_comment")
