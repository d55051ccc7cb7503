"""What goes over the wire: JSON, strictly."""

from io import BytesIO
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

DEEPEST = 32
LARGEST = 2**63 - 1


OTHERS = JSONEncoder().default
# Moments as DRF words them.
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


class JSON(JSONRenderer):
    """JSON in UTF-8, whatever `Accept` says: this API has one representation."""

    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        text = orjson.dumps(data, default=OTHERS, option=OPTIONS)
        # Two line ends that JSON allows in a text and older JavaScript does not, as DRF does.
        return text.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


class OneFormat(DefaultContentNegotiation):
    """Answers JSON whatever `Accept` and `?format=` say, where JSON is all there is (RFC 9110, 12.1:
    a server may disregard Accept rather than answer 406). The schema, in two formats, negotiates."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        if len(renderers) == 1:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class StrictJSON(JSONParser):
    """JSON that a database can keep.

    Refuses (400) what parses and breaks later: NUL, lone surrogates, integers over 64 bits,
    nesting deeper than 32, NaN and Infinity.  A body over DATA_UPLOAD_MAX_MEMORY_SIZE is a 413.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)  # DRF reads past Django's own limit
        if len(body) > limit:
            raise TooLarge
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
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


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("This request is larger than is taken here.")


class StrayCharacter(ParseError):
    def __init__(self, at: str) -> None:
        super().__init__(
            _("The text holds a character that cannot be stored (NUL or half a pair).")
        )
        safe = at.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        self.more = {"errors": [{"pointer": safe, "detail": str(self.detail)}]}
