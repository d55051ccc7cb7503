"""Models of comments, known commenters, reactions, reports and notifications of readers."""

from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.notification import (
    COMMENT_KINDS,
    DECISION_KINDS,
    TOPIC_BY_KIND,
    Notification,
    NotificationPreferences,
    NotificationQuerySet,
    Topic,
)
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.similarity_band import SimilarityBand

__all__ = [
    "COMMENT_KINDS",
    "DECISION_KINDS",
    "MAX_FIRST_REPLIES",
    "TOPIC_BY_KIND",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "Notification",
    "NotificationPreferences",
    "NotificationQuerySet",
    "Reaction",
    "Report",
    "ReportQuerySet",
    "SimilarityBand",
    "Topic",
]
