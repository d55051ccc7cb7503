"""Admin pages of comments."""

from comments.admin.comments import CommentAdmin
from comments.admin.reasons import DecisionReasonAdmin

__all__ = ["CommentAdmin", "DecisionReasonAdmin"]
