"""Refusals where several people work on stories: edit lock, sections, assignment, remarks."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.errors import NotAllowed, Refused
from newsroom.text.dates import format_short_time


class Locked(Refused):
    """`more` names the holder of the edit lock, and since when they hold it."""

    code = "locked"
    status = 423

    def __init__(self, holder: str, since: datetime) -> None:
        values = {"who": holder, "at": format_short_time(since)}
        super().__init__(
            _("%(who)s has been changing this story since %(at)s. Wait, or take the story over.")
            % values
        )
        self.more = {"holder": holder, "since": timezone.localtime(since).isoformat()}


class OtherSection(NotAllowed):
    code = "other_section"
    sentence = _(
        "Your role does not allow this in the section of this story. Ask the chief editor."
    )


class AssignmentReserved(NotAllowed):
    code = "assignment_reserved"
    sentence = _(
        "You may take a story that is assigned to nobody, and give yours back. Editors decide on the rest."
    )


class NotAssignable(Refused):
    code = "not_assignable"
    status = 422
    sentence = _("This person cannot write this story. Choose somebody who writes in its section.")


class DueInPast(Refused):
    code = "due_in_past"
    status = 422
    sentence = _("This time has passed. Choose a due time to come.")


class NotYourRemark(NotAllowed):
    code = "not_your_remark"
    sentence = _("Only its author changes a remark. You may resolve it, or add one of your own.")


class RemarkEmpty(Refused):
    code = "remark_empty"
    status = 422
    sentence = _("Write what your colleagues should know.")
