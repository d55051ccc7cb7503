"""Admin pages of comments."""

from comments.admin.comments import CommentAdmin
from comments.admin.reasons import DecisionReasonAdmin
from comments.admin.word_lists import WordListAdmin, WordListTrialAdmin

__all__ = ["CommentAdmin", "DecisionReasonAdmin", "WordListAdmin", "WordListTrialAdmin"]
