"""Refusals that come from agency copy: a hold after its change, its rights, its expiry."""

from datetime import datetime

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from desk.errors import EditedElsewhere, Expired, lazy_at_time
from newsroom.errors import Refused
from newsroom.text.dates import format_short_time
from wire.changes import ChangeKind


class HeldByWire(Refused):
    """`hold` is the number of the hold that a person has to end first."""

    code = "held_by_wire"
    sentence = _("Read what the agency changed, then confirm that the story may go out.")

    def __init__(self, hold: int, kind: ChangeKind) -> None:
        super().__init__(format_lazy("{} {}", kind.label, self.sentence))
        self.more = {"hold": hold, "kind": kind.value}


class NothingHeld(Refused):
    code = "nothing_held"
    sentence = _("Nothing of this story is held back because of its agency.")


class CopyChanged(EditedElsewhere):
    """What was read is not the current agency copy any more."""

    sentence = _("The agency changed its copy again meanwhile. Read it, then decide anew.")


class HoldChanged(CopyChanged):
    """As `CopyChanged`, of the hold that a person was about to end."""


class NothingToTakeOver(Refused):
    code = "nothing_to_take_over"
    sentence = _("There is nothing to take over: the story has it already.")


class StricterRights(Refused):
    code = "stricter_rights"
    sentence = _(
        "The agency's new copy has stricter rights than the version used. Make it the version used first:"
        " its rights then bind the story."
    )


class AIUseProhibited(Refused):
    code, field = "ai_use_prohibited", "ai_kind"  # the form shows it there
    sentence = _(
        "The agency prohibits the use of this text with AI: neither text nor summary of the story may be"
        " made by AI."
    )


class CopyExpiresSooner(Refused):
    """`until` is the time until which the agency's copy may be used."""

    code, field = "copy_expires", "expires_at"

    def __init__(self, until: datetime) -> None:
        sentence = _(
            "The agency's copy may be used until %(at)s. The story comes down then at the latest."
        )
        super().__init__(lazy_at_time(sentence, until))


class CopyExpired(Expired):
    """As `Expired`, of agency copy whose term is over."""

    def __init__(self, until: datetime) -> None:
        sentence = _(
            "The agency's copy could be used until %(at)s. Nothing of it goes out any more."
        )
        super().__init__(lazy_at_time(sentence, until))


def taken_sentence(sentence: Promise, name: str, at: datetime) -> str:
    """The sentence with a name and a time in its placeholders `name` and `at`."""
    return str(sentence) % {"name": name, "at": format_short_time(at)}


lazy_taken = lazy(taken_sentence, str)


class AlreadyTaken(Refused):
    """A draft was begun from the story before.

    `more` names the first: `draft` and `title` are None where the person may not see it.
    """

    code = "already_taken"

    def __init__(
        self, *, draft: int | None, title: str | None, taken_by: str, taken_at: datetime
    ) -> None:
        super().__init__(
            lazy_taken(
                _("%(name)s began a story from this agency copy on %(at)s."), taken_by, taken_at
            )
        )
        self.more = {
            "draft": draft,
            "title": title,
            "taken_by": taken_by,
            "taken_at": taken_at.isoformat(),
        }
