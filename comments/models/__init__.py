"""Models of comments, known commenters, reactions and reports."""

from comments.models.classification import Classification
from comments.models.comment import MAX_FIRST_REPLIES, Comment, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.finding import CommentFinding
from comments.models.reaction import Reaction
from comments.models.report import Report, ReportQuerySet
from comments.models.word_list import WordList, WordListTrial

__all__ = [
    "MAX_FIRST_REPLIES",
    "Classification",
    "Comment",
    "CommentFinding",
    "CommentQuerySet",
    "Commenter",
    "Reaction",
    "Report",
    "ReportQuerySet",
    "WordList",
    "WordListTrial",
]
