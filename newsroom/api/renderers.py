"""JSON renderer, content negotiation and strict JSON parser of the API."""

import json
from collections.abc import Iterator
from contextlib import suppress
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
from rest_framework.utils.json import strict_constant

MAX_JSON_DEPTH = 32
MAX_JSON_VALUES = 10_000  # of a body, member names included
# Larger bodies are parsed and checked with orjson first: Python's parser takes 0.1 s for 2 MB of short
# members, and is needed only for what orjson accepts and should not.
FAST_CHECK_MIN_BYTES = 64 * 1024
MAX_INTEGER = 2**63 - 1
MAX_NAME_CHARS = 60  # of a member, in a refusal


JSON_FALLBACK_ENCODER = JSONEncoder().default
# Datetimes as DRF writes them.
ORJSON_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


class UTF8JSONRenderer(JSONRenderer):
    """JSON renderer in UTF-8 (orjson), with the bytes of DRF's own renderer."""

    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        text = orjson.dumps(data, default=JSON_FALLBACK_ENCODER, option=ORJSON_OPTIONS)
        # U+2028 and U+2029, which JSON allows in a string and older JavaScript does not, as DRF does.
        return text.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


class JSONOnlyNegotiation(DefaultContentNegotiation):
    """Content negotiation that ignores `Accept` and `?format=` where JSON is the only renderer.

    A server may disregard Accept instead of answering 406 (RFC 9110, section 12.1). The OpenAPI
    document, in two formats, is negotiated.
    """

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        if len(renderers) == 1:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class StrictJSONParser(JSONParser):
    """JSON parser that refuses what the database cannot store (400).

    NUL, lone surrogates, names that stand twice in an object,
    integers over 64 bits, nesting deeper than 32, more than 10,000 values, NaN and
    Infinity. A body over DATA_UPLOAD_MAX_MEMORY_SIZE is a 413.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)  # DRF does not apply Django's limit
        if len(body) > limit:
            raise BodyTooLarge
        if len(body) > FAST_CHECK_MIN_BYTES:
            check_json_bytes(body)
        encoding = (parser_context or {}).get("encoding") or settings.DEFAULT_CHARSET
        try:
            data = parse_json(body, encoding=encoding)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        except (LookupError, ValueError) as error:  # LookupError: a charset that is none of text
            raise ParseError(json_error_sentence(error)) from None
        check_json_is_storable(data)
        return data


def json_error_sentence(error: Exception) -> str:
    """What is wrong with a body that is no JSON, with its place where the parser names one."""
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return _("This body is not JSON: look at line %(line)s, column %(column)s.") % place
    return _("This body cannot be read as JSON.")


def parse_json(body: bytes, *, encoding: str = "utf-8") -> Any:
    """JSON where no object has a name twice: parsers differ in which of the two they take (RFC 8259,
    section 4). Raises ValueError, LookupError for an unknown encoding, ParseError, RecursionError.
    """
    text = body.decode(encoding)
    return json.loads(text, parse_constant=strict_constant, object_pairs_hook=unique_members)


def unique_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object by name. Raises ParseError for a name that stands twice."""
    unique = dict(members)
    if len(unique) < len(members):
        twice = repeated_name(members)[:MAX_NAME_CHARS]
        safe_name = twice.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        raise ParseError(
            _("“%(name)s” stands twice in an object of this JSON.") % {"name": safe_name}
        )
    return unique


def repeated_name(members: list[tuple[str, Any]]) -> str:
    """The first name that stands twice; one of them does. In one pass: an object may have thousands."""
    names = set[str]()
    for name, _value in members:
        if name in names:
            break
        names.add(name)
    return name


def check_json_bytes(body: bytes) -> None:
    """check_json_is_storable() of what orjson parses; the standard parser reports syntax errors later."""
    with suppress(orjson.JSONDecodeError):
        check_json_is_storable(orjson.loads(body))


def check_json_is_storable(data: Any) -> None:
    """Raise ParseError for the first value that no column can store, for too many values or too deep
    nesting."""
    for count, (pointer, value, depth) in enumerate(iterate_json_values(data, "", 0), 1):
        if count > MAX_JSON_VALUES:
            raise ParseError(
                _("This JSON holds more than %(most)s values.") % {"most": MAX_JSON_VALUES}
            )
        if depth > MAX_JSON_DEPTH:
            raise ParseError(_("This JSON is nested too deeply."))
        check_json_value(value, pointer)


def iterate_json_values(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, Any, int]]:
    """Every value and member name of a document, with its JSON pointer and depth."""
    yield pointer, value, depth
    if isinstance(value, dict):
        for name, inner in value.items():
            yield pointer, name, depth + 1
            yield from iterate_json_values(inner, f"{pointer}/{name}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from iterate_json_values(inner, f"{pointer}/{index}", depth + 1)


def check_json_value(value: Any, pointer: str) -> None:
    """Raise ParseError for a string or a number that no column can store."""
    if isinstance(value, str) and is_unstorable_text(value):
        raise UnstorableCharacter(pointer)
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ParseError(_("A number in this JSON is too large."))


def is_unstorable_text(text: str) -> bool:
    """Whether the text contains NUL or a lone surrogate."""
    if "\x00" in text:
        return True
    try:
        text.encode()  # a loop over the characters of a long article takes 0.1 s
    except UnicodeEncodeError:
        return True
    return False


class BodyTooLarge(APIException):
    """413 Content Too Large."""

    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("This request is larger than is taken here.")


class UnstorableCharacter(ParseError):
    """400 for NUL or a lone surrogate, with the JSON pointer of the string."""

    def __init__(self, pointer: str) -> None:
        super().__init__(
            _("The text holds a character that cannot be stored (NUL or half a pair).")
        )
        safe_pointer = pointer.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        self.more = {"errors": [{"pointer": safe_pointer, "detail": str(self.detail)}]}
