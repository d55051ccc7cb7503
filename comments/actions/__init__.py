"""What happens to comments. Locks are taken in one order: the writer, comments by number, the count."""

from comments.actions.moderating import hide, hold, show
from comments.actions.writing import delete, edit, forget, post

__all__ = ["delete", "edit", "forget", "hide", "hold", "post", "show"]
