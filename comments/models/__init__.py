"""Models of comments, known commenters, reactions and reports, and of what finds near-duplicates."""

from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.similarity_band import SimilarityBand

__all__ = [
    "MAX_FIRST_REPLIES",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "Reaction",
    "Report",
    "ReportQuerySet",
    "SimilarityBand",
]
