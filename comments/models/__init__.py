"""Models of comments, known commenters, reactions, reports, appeals and requests to block."""

from comments.models.appeal import Appeal
from comments.models.block_request import BlockNotice, BlockRequest
from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.count_check import CountCheck
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.surge_alert import SurgeAlert

__all__ = [
    "MAX_FIRST_REPLIES",
    "Appeal",
    "BlockNotice",
    "BlockRequest",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "CountCheck",
    "Reaction",
    "Report",
    "ReportQuerySet",
    "SurgeAlert",
]
