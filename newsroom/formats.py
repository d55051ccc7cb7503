"""What goes over the wire: JSON, strictly."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer

DEEPEST = 32
LARGEST = 2**63 - 1


class JSON(JSONRenderer):
    """JSON in UTF-8, whatever `Accept` says: this API has one representation."""

    charset = "utf-8"
    ensure_ascii = False


class StrictJSON(JSONParser):
    """JSON that a database can keep.

    Refuses (400) what parses and breaks later: NUL, lone surrogates, integers over 64 bits,
    nesting deeper than 32, NaN and Infinity.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        look_through(data, "", 0)
        return data


def look_through(value: Any, at: str, depth: int) -> None:
    """Raise ValidationError or ParseError for the first value that no column could hold."""
    if depth > DEEPEST:
        raise ParseError(_("This JSON is nested too deeply."))
    if isinstance(value, dict):
        for name, inner in value.items():
            look_through(name, at, depth + 1)
            look_through(inner, f"{at}/{name}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            look_through(inner, f"{at}/{index}", depth + 1)
    elif isinstance(value, str) and unstorable(value):
        raise StrayCharacter(at)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ParseError(_("A number in this JSON is too large."))


def unstorable(text: str) -> bool:
    """Whether the text holds NUL or half of a surrogate pair."""
    return "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)


class StrayCharacter(ParseError):
    def __init__(self, at: str) -> None:
        super().__init__(
            _("The text holds a character that cannot be stored (NUL or half a pair).")
        )
        safe = at.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        self.more = {"errors": [{"pointer": safe, "detail": str(self.detail)}]}
