"""Refusals that come from agency copy: a hold after its change, its rights, its expiry."""

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from desk.errors import EditedElsewhere, Expired, lazy_at_time
from newsroom.errors import Refused
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


class HoldChanged(EditedElsewhere):
    sentence = _("The agency changed its copy again meanwhile. Read it, then decide anew.")


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
