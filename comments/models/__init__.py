"""Models of comments: writers, reports, moderation, procedures, thread policies, notifications."""

from comments.models.appeal import Appeal
from comments.models.block_request import BlockNotice, BlockRequest
from comments.models.classification import Classification
from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet, thread_of
from comments.models.commenter import Commenter
from comments.models.count_check import CountCheck
from comments.models.finding import CommentFinding
from comments.models.idempotency import IdempotencyKey
from comments.models.moderation import (
    REPORTS_REASON,
    Decision,
    DecisionReason,
    ModerationItem,
    ModerationItemQuerySet,
)
from comments.models.notification import (
    COMMENT_KINDS,
    DECISION_KINDS,
    TOPIC_BY_KIND,
    Notification,
    NotificationPreferences,
    NotificationQuerySet,
    Topic,
)
from comments.models.policy import ThreadPolicy
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.revision import CommentRevision
from comments.models.similarity_band import SimilarityBand
from comments.models.surge_alert import SurgeAlert
from comments.models.threads import attach_first_replies
from comments.models.word_list import WordList, WordListTrial

__all__ = [
    "COMMENT_KINDS",
    "DECISION_KINDS",
    "MAX_FIRST_REPLIES",
    "REPORTS_REASON",
    "TOPIC_BY_KIND",
    "Appeal",
    "BlockNotice",
    "BlockRequest",
    "Classification",
    "Comment",
    "CommentFinding",
    "CommentQuerySet",
    "CommentRevision",
    "Commenter",
    "CountCheck",
    "Decision",
    "DecisionReason",
    "IdempotencyKey",
    "ModerationItem",
    "ModerationItemQuerySet",
    "Notification",
    "NotificationPreferences",
    "NotificationQuerySet",
    "Reaction",
    "Report",
    "ReportQuerySet",
    "SimilarityBand",
    "SurgeAlert",
    "ThreadPolicy",
    "Topic",
    "WordList",
    "WordListTrial",
    "attach_first_replies",
    "thread_of",
]
