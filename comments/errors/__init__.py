"""Errors of comments, reactions and reports."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.errors import InvalidInput, NotFound, Refused

MAX_COMMENT_CHARS = 1000  # code points, composed (NFC)
MAX_NOTE_CHARS = 500


class EmptyComment(InvalidInput):
    code = "comment_empty"

    def __init__(self) -> None:
        super().__init__({"text": _("There is nothing to read in this comment. Write something.")})


class CommentTooLong(InvalidInput):
    code = "comment_too_long"

    def __init__(self) -> None:
        super().__init__({"text": _("A comment has at most 1,000 characters. Shorten it.")})


class NoteTooLong(InvalidInput):
    code = "note_too_long"

    def __init__(self) -> None:
        super().__init__({"note": _("A note has at most 500 characters. Shorten it.")})


class NoSuchComment(NotFound):
    """There is no such comment, or the client may not see it."""


class NoSuchThread(NotFound):
    """There is no live article at this address; whether one is scheduled is not disclosed."""


class ParentGone(Refused):
    code = "parent_gone"
    status = 404
    sentence = _("The comment you answer is not there any more. Write a comment of your own.")


class CommentsClosed(Refused):
    code = "comments_closed"
    status = 403
    sentence = _("Comments on this article are closed.")


class OwnComment(Refused):
    code = "own_comment"
    status = 403
    sentence = _("This is your own comment. React to and report what others have written.")


class TooLateToEdit(Refused):
    code = "too_late_to_edit"
    sentence = _("A comment can be changed for 15 minutes. Delete it, or write another.")


class AlreadyDecided(Refused):
    code = "already_decided"
    sentence = _("Somebody has decided so already. Reload to see where it stands.")


class CommentChanged(Refused):
    code = "changed_meanwhile"
    sentence = _("The reader changed this comment meanwhile. Reload it, then decide.")


class CommentDeleted(Refused):
    code = "comment_deleted"
    sentence = _("Its author has deleted this comment; its words are gone.")


class AccountTooNew(Refused):
    """The account was made a few minutes ago; `until` is a member of the problem document."""

    code = "account_too_new"
    status = 403
    sentence = _("A new account can comment a few minutes later.")

    def __init__(self, until: datetime) -> None:
        local = timezone.localtime(until)
        super().__init__(
            _("A new account can comment a few minutes later. Yours can from %(until)s on.")
            % {"until": f"{local:%Y-%m-%d %H:%M}"}
        )
        self.more = {"until": local.isoformat()}
