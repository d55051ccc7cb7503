"""Models of comments, known commenters, reactions, reports and moderation."""

from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.moderation import (
    REPORTS_REASON,
    Decision,
    DecisionReason,
    ModerationItem,
    ModerationItemQuerySet,
)
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.revision import CommentRevision

__all__ = [
    "MAX_FIRST_REPLIES",
    "REPORTS_REASON",
    "Comment",
    "CommentQuerySet",
    "CommentRevision",
    "Commenter",
    "Decision",
    "DecisionReason",
    "ModerationItem",
    "ModerationItemQuerySet",
    "Reaction",
    "Report",
    "ReportQuerySet",
]
