"""What happens to comments. Locks are taken in one order: the writer, comments by number, the
article, the count."""

from comments.actions.moderating import hide, hold, leave_as_it_is, show
from comments.actions.reacting import react, think_nothing
from comments.actions.reporting import report
from comments.actions.writing import delete, edit, forget, post

__all__ = [
    "delete",
    "edit",
    "forget",
    "hide",
    "hold",
    "leave_as_it_is",
    "post",
    "react",
    "report",
    "show",
    "think_nothing",
]
