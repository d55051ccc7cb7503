"""Refusals of the reader side: withdrawn article and site object in use."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class Gone(Refused):
    """The article was withdrawn (410). The message is its notice."""

    code = "withdrawn"
    status = 410
    sentence = _("This article was withdrawn.")

    def __init__(self, notice: str, at: datetime) -> None:
        super().__init__(notice)
        self.more = {"withdrawn_at": timezone.localtime(at).isoformat()}


class StillUsed(Refused):
    """A section, author or tag cannot be deleted while articles or editions refer to it."""

    code = "still_used"
    sentence = _("Articles or editions still use this. Readers would lose it, so it stays.")
