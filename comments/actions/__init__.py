"""Actions on comments.

Order of row locks: the writer, comments by id, the article, its counts.
"""

from comments.actions.deciding import (
    BulkDecision,
    BulkOutcome,
    Choice,
    decide_branch,
    decide_comment,
    decide_many,
    decide_with_branch,
    undo_decision,
)
from comments.actions.erasing import erase_comments, erase_comments_of_article
from comments.actions.leasing import (
    lease_item,
    release_item,
    release_leases_of,
    take_over_lease,
)
from comments.actions.moderating import (
    approve_writer,
    dismiss_reports,
    hide_comment,
    hold_comment,
    show_comment,
)
from comments.actions.pinning import pin_comment, unpin_comment
from comments.actions.policy import set_thread_policy
from comments.actions.queueing import delete_old_revisions, flag_comment
from comments.actions.reacting import react_to_comment, remove_reaction
from comments.actions.reasons import save_reason
from comments.actions.reporting import report_comment
from comments.actions.writing import (
    delete_comment,
    edit_comment,
    post_comment,
)

__all__ = [
    "BulkDecision",
    "BulkOutcome",
    "Choice",
    "approve_writer",
    "decide_branch",
    "decide_comment",
    "decide_many",
    "decide_with_branch",
    "delete_comment",
    "delete_old_revisions",
    "dismiss_reports",
    "edit_comment",
    "erase_comments",
    "erase_comments_of_article",
    "flag_comment",
    "hide_comment",
    "hold_comment",
    "lease_item",
    "pin_comment",
    "post_comment",
    "react_to_comment",
    "release_item",
    "release_leases_of",
    "remove_reaction",
    "report_comment",
    "save_reason",
    "set_thread_policy",
    "show_comment",
    "take_over_lease",
    "undo_decision",
    "unpin_comment",
]
