"""Base exceptions of refused actions: an error code, an HTTP status and a message for people.

Every other exception is a bug (500).
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Base class of refused actions, with a message that says why and what to do.

    `code` is stable and for programs; `status` is the HTTP status of the API's response.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str | Promise] = _("This cannot be done.")
    retry_after = 0  # seconds, for the header Retry-After

    def __init__(self, sentence: str | Promise = "") -> None:
        super().__init__(sentence or self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])  # evaluated late, in the language of the response


class InvalidInput(Refused):
    """Invalid input (400); `fields` has a message for each invalid field."""

    code = "invalid"
    status = 400
    sentence = _("The input is not valid.")

    def __init__(self, fields: dict[str, str | Promise], sentence: str | Promise = "") -> None:
        super().__init__(sentence)
        self.fields = fields


class InvalidSearchQuery(Refused):
    """A search query without a term to look for. The message tells the reader what to type."""

    code = "unsearchable"
    status = 400


class NotAllowed(Refused):
    """Missing permission (403)."""

    code = "not_allowed"
    status = 403
    sentence = _("Your role does not allow this. Ask an editor or the chief editor.")


class NotFound(Refused):
    """Nothing at this URL (404)."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing at this address.")


def require(is_allowed: bool) -> None:
    """Raise NotAllowed without permission: `require(may_publish(ben))`."""
    if not is_allowed:
        raise NotAllowed
