"""Actions on comments.

Order of row locks: the writer, comments by id, the article, its counts.
"""

from comments.actions.erasing import erase_comments, erase_comments_of_article
from comments.actions.moderating import (
    approve_writer,
    dismiss_reports,
    hide_comment,
    hold_comment,
    show_comment,
)
from comments.actions.pinning import pin_comment, unpin_comment
from comments.actions.policy import set_thread_policy
from comments.actions.reacting import react_to_comment, remove_reaction
from comments.actions.reporting import report_comment
from comments.actions.writing import (
    delete_comment,
    edit_comment,
    post_comment,
)

__all__ = [
    "approve_writer",
    "delete_comment",
    "dismiss_reports",
    "edit_comment",
    "erase_comments",
    "erase_comments_of_article",
    "hide_comment",
    "hold_comment",
    "pin_comment",
    "post_comment",
    "react_to_comment",
    "remove_reaction",
    "report_comment",
    "set_thread_policy",
    "show_comment",
    "unpin_comment",
]
