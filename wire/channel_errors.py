"""Refusals and failures of channels: what is wrong with a way in, in words for the newsroom."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class ChannelRefused(Refused):
    """A refusal of a channel's set-up for the value of one field."""

    status = 400

    def __init__(self, field: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.field = field


class ChannelBusy(Refused):
    code = "channel_busy"
    sentence = _("This is being fetched right now. Look again in a minute.")


class ChannelDisabled(Refused):
    code = "channel_disabled"
    sentence = _("This way in is switched off, or its source is. Switch it on first.")


class LeaseLost(Exception):
    """Another worker has taken the channel over; what this one stored so far stays."""


class FetchFailed(Refused):
    """Fetching failed; the sentence says why. `requested_delay`: what the other side asked for."""

    code = "fetch_failed"
    status = 502
    sentence = _("It could not be fetched.")

    def __init__(
        self, sentence: str | Promise = "", *, requested_delay: timedelta | None = None
    ) -> None:
        super().__init__(sentence)
        self.requested_delay = requested_delay


class BadFile(Exception):
    """A file of a watched folder that cannot become a delivery; `sentence` is the reason."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
