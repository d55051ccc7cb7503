"""Admin pages of comments, appeals and requests to block comments."""

from comments.admin.appeals import AppealAdmin
from comments.admin.block_requests import BlockRequestAdmin
from comments.admin.comments import CommentAdmin
from comments.admin.reasons import DecisionReasonAdmin
from comments.admin.word_lists import WordListAdmin, WordListTrialAdmin

__all__ = [
    "AppealAdmin",
    "BlockRequestAdmin",
    "CommentAdmin",
    "DecisionReasonAdmin",
    "WordListAdmin",
    "WordListTrialAdmin",
]
