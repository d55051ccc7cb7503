"""What goes over the wire: JSON, strictly."""

from collections.abc import Iterator
from contextlib import suppress
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

MAX_JSON_DEPTH = 32
MAX_JSON_VALUES = 10_000  # of a body, names of members counted
# What a larger body holds is counted by orjson first: Python's own parser takes a tenth of a second for
# 2 MB of short members, and is only needed for what orjson is lax about.
FAST_CHECK_MIN_BYTES = 64 * 1024
MAX_INTEGER = 2**63 - 1


JSON_FALLBACK_ENCODER = JSONEncoder().default
# Moments as DRF words them.
ORJSON_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


class UTF8JSONRenderer(JSONRenderer):
    """JSON in UTF-8, whatever `Accept` says: this API has one representation."""

    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        text = orjson.dumps(data, default=JSON_FALLBACK_ENCODER, option=ORJSON_OPTIONS)
        # Two line ends that JSON allows in a text and older JavaScript does not, as DRF does.
        return text.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


class JSONOnlyNegotiation(DefaultContentNegotiation):
    """Answers JSON whatever `Accept` and `?format=` say, where JSON is all there is (RFC 9110, 12.1:
    a server may disregard Accept rather than answer 406). The schema, in two formats, negotiates."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        if len(renderers) == 1:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class StrictJSONParser(JSONParser):
    """JSON that a database can keep.

    Refuses (400) what parses and breaks later: NUL, lone surrogates, integers over 64 bits,
    nesting deeper than 32, more than 10,000 values, NaN and Infinity.  A body over
    DATA_UPLOAD_MAX_MEMORY_SIZE is a 413.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)  # DRF reads past Django's own limit
        if len(body) > limit:
            raise BodyTooLarge
        if len(body) > FAST_CHECK_MIN_BYTES:
            check_json_bytes(body)
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        check_json_is_storable(data)
        return data


def check_json_bytes(body: bytes) -> None:
    """Raise ParseError like look_through(); nothing for what orjson cannot read, whose reason is told
    later."""
    with suppress(orjson.JSONDecodeError):
        check_json_is_storable(orjson.loads(body))


def check_json_is_storable(data: Any) -> None:
    """Raise ParseError for the first value that no column could hold, and for too many of them."""
    for count, (at, value, depth) in enumerate(iterate_json_values(data, "", 0), 1):
        if count > MAX_JSON_VALUES:
            raise ParseError(
                _("This JSON holds more than %(most)s values.") % {"most": MAX_JSON_VALUES}
            )
        if depth > MAX_JSON_DEPTH:
            raise ParseError(_("This JSON is nested too deeply."))
        check_json_value(value, at)


def iterate_json_values(value: Any, at: str, depth: int) -> Iterator[tuple[str, Any, int]]:
    """Every value of a document with its place as a JSON pointer and its depth; names are values too."""
    yield at, value, depth
    if isinstance(value, dict):
        for name, inner in value.items():
            yield at, name, depth + 1
            yield from iterate_json_values(inner, f"{at}/{name}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from iterate_json_values(inner, f"{at}/{index}", depth + 1)


def check_json_value(value: Any, at: str) -> None:
    """Raise ParseError for a text or a number that no column could hold."""
    if isinstance(value, str) and is_unstorable_text(value):
        raise UnstorableCharacter(at)
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ParseError(_("A number in this JSON is too large."))


def is_unstorable_text(text: str) -> bool:
    """Whether the text holds NUL or half of a surrogate pair."""
    if "\x00" in text:
        return True
    try:
        text.encode()  # at once: a look at each letter of a long story takes a tenth of a second
    except UnicodeEncodeError:
        return True
    return False


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("This request is larger than is taken here.")


class UnstorableCharacter(ParseError):
    def __init__(self, at: str) -> None:
        super().__init__(
            _("The text holds a character that cannot be stored (NUL or half a pair).")
        )
        safe = at.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        self.more = {"errors": [{"pointer": safe, "detail": str(self.detail)}]}
