"""Models of comments, known commenters, idempotency keys, thread policies, reactions and reports."""

from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.idempotency import IdempotencyKey
from comments.models.policy import ThreadPolicy
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.threads import attach_first_replies

__all__ = [
    "MAX_FIRST_REPLIES",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "IdempotencyKey",
    "Reaction",
    "Report",
    "ReportQuerySet",
    "ThreadPolicy",
    "attach_first_replies",
]
