"""The one family of refusals. Whatever is not a refusal is a bug and is loud."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The newsroom will not do this, for a reason a person can read, with the way out.

    `code` is stable and for programs; `status` is the HTTP status an API answers with, the one
    thing a refusal knows of the web.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str | Promise] = _("This cannot be done.")

    def __init__(self, sentence: str | Promise = "") -> None:
        super().__init__(sentence or self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])  # evaluated late: in the language of whoever reads it


class InvalidInput(Refused):
    """What was handed in cannot be used. `fields` names the offending fields, each with a sentence."""

    code = "invalid"
    status = 400
    sentence = _("The input is not valid.")

    def __init__(self, fields: dict[str, str | Promise], sentence: str | Promise = "") -> None:
        super().__init__(sentence)
        self.fields = fields


class NotAllowed(Refused):
    code = "not_allowed"
    status = 403
    sentence = _("Your role does not allow this. Ask an editor or the chief editor.")


class NotFound(Refused):
    code = "not_found"
    status = 404
    sentence = _("There is nothing at this address.")


def require(allowed: bool) -> None:
    """Raise NotAllowed unless it is allowed: `require(may_publish(ben))`."""
    if not allowed:
        raise NotAllowed
