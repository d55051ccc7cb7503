"""Errors of comments, reactions and reports."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.errors import InvalidInput, NotAllowed, NotFound, Refused
from newsroom.text.dates import format_short_time

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
    """A colleague has decided; `decision`, `by` and `at` are members of the problem document."""

    code = "already_decided"
    sentence = _("Somebody has decided so already. Reload to see where it stands.")

    def __init__(self, decision: Any = None) -> None:
        if decision is None:
            super().__init__()
            return
        values = {
            "who": str(decision.by or _("a moderator")),
            "at": format_short_time(decision.decided_at),
            "what": decision.get_kind_display(),
        }
        super().__init__(_("Already decided by %(who)s at %(at)s: %(what)s.") % values)
        at = timezone.localtime(decision.decided_at).isoformat()
        self.more = {"decision": decision.kind, "by": values["who"], "at": at}


class CommentChanged(Refused):
    """The author has edited the comment since; `text` and `version` are those of now."""

    code = "changed_meanwhile"
    status = 412
    sentence = _("The reader changed this comment meanwhile. Reload it, then decide.")

    def __init__(self, comment: Any = None) -> None:
        super().__init__()
        if comment is not None:
            self.more = {"text": comment.text, "version": comment.version}


class Leased(Refused):
    """A colleague works on the item; `holder` and `until` are members of the problem document."""

    code = "leased"
    status = 423

    def __init__(self, holder: str, until: datetime) -> None:
        local = timezone.localtime(until)
        super().__init__(
            _("%(who)s is deciding on this comment, until %(until)s at the latest. Take another.")
            % {"who": holder, "until": f"{local:%H:%M:%S}"}
        )
        self.more = {"holder": holder, "until": local.isoformat()}


class NotInQueue(NotFound):
    code = "not_in_queue"
    sentence = _("This comment waits for no decision.")


class OwnCommentDecision(NotAllowed):
    code = "own_comment_decision"
    sentence = _(
        "This is your own comment. A colleague decides on it and on what is reported about it."
    )


class OutcomeMissing(InvalidInput):
    code = "outcome_missing"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            {"reports": _("Say what came of its reports: confirmed or dismissed.")},
            _("Readers have reported this comment. Say whether they were right."),
        )


class OnlyForHiding(InvalidInput):
    code = "only_for_hiding"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            {"decision": _("A reason code and an outcome of reports belong to hiding alone.")}
        )


class UnknownReason(InvalidInput):
    code = "unknown_reason"
    status = 422

    def __init__(self) -> None:
        super().__init__({"reason_code": _("Choose one of the reasons that are offered.")})


class NotYourDecision(NotAllowed):
    code = "not_your_decision"
    sentence = _("A colleague decided this. Decide anew instead.")


class TooLateToUndo(Refused):
    code = "too_late_to_undo"
    sentence = _("A decision can be undone for ten seconds. Decide anew instead.")


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


class NoSuchNotification(NotFound):
    """There is no such notification of the reader, or what it is about is not shown any more."""


class TooManyComments(Refused):
    """A quota of comments is used up; `Retry-After` says when the next one can be posted."""

    code = "too_many_comments"
    status = 429
    sentence = _("You have written as many comments as are possible for now. Try again later.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class SlowMode(Refused):
    """The article is in slow mode; `Retry-After` says when the reader's next comment can be posted."""

    code = "slow_mode"
    status = 429
    sentence = _("Comments on this article are in slow mode.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            _(
                "Comments on this article are in slow mode. Your next one is possible in %(n)s seconds."
            )
            % {"n": retry_after}
        )
        self.retry_after = retry_after


class IdempotencyKeyReused(Refused):
    code = "idempotency_key_reused"
    status = 422
    sentence = _("Another comment was sent with this Idempotency-Key. Send a new key.")


class PolicyOutOfRange(InvalidInput):
    code = "policy_out_of_range"

    def __init__(self) -> None:
        super().__init__({"mode": _("These rules are not possible. Check the numbers.")})


class PolicyChanged(Refused):
    code = "policy_changed"
    status = 412
    sentence = _("Somebody changed the rules of this thread meanwhile. Reload, then decide.")


class NotRestricted(Refused):
    code = "not_restricted"
    sentence = _(
        "Nothing is to be undone: the rules of this thread were changed meanwhile. Look at them."
    )


class TooManyPins(Refused):
    code = "too_many_pins"
    sentence = _("As many comments are pinned under this article as can be. Unpin one first.")


class NotPinnable(Refused):
    code = "not_pinnable"
    sentence = _("Only a visible comment that answers the article can be pinned.")


class BlockedWord(InvalidInput):
    """A word of the list with the severity `block`; which one is not disclosed."""

    code = "comment_refused"

    def __init__(self) -> None:
        super().__init__({"text": _("This comment breaks the house rules. Write it differently.")})


class InvalidWord(Refused):
    code = "invalid_word"
    status = 422
    sentence = _("A word of the list has 1 to 40 characters, a letter or digit among them.")


class WordListChanged(Refused):
    code = "word_list_changed"
    status = 409
    sentence = _(
        "Somebody saved another version of the word list meanwhile. Reload it, then change it."
    )


class WordListUnchanged(Refused):
    code = "word_list_unchanged"
    sentence = _("Nothing of the word list has changed. Add a word or tick one to remove.")


class NoSuchWordList(NotFound):
    """There is no such version of the word list."""


class TrialNotFinished(Refused):
    code = "trial_not_finished"
    status = 409
    sentence = _("The dry run is not finished, or its list counts already.")
