"""JSON documents of agencies: limits of size and depth, names folded over the versions of ninjs. Pure.

Limits: 10 MiB, 64 levels. Names are compared without case and underscores: `body_text` (1.x), `bodytext`,
`versionCreated` (3.x).
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from newsroom.text.normalization import UNWANTED_CHARACTERS
from wire.decoding import DecodedText
from wire.errors import Malformed, TooComplex, TooLarge
from wire.parsers.payload import Payload
from wire.parsers.xml_documents import MAX_DOCUMENT_BYTES

MAX_DEPTH = 64
STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
BRACKETS = re.compile(r"[\[\]{}]")


def load_json(payload: Payload, *, form: str) -> tuple[Any, DecodedText]:
    """The value of a document. Raises TooLarge, Unreadable, TooComplex, Malformed."""
    if len(payload.raw) > MAX_DOCUMENT_BYTES:
        raise TooLarge(MAX_DOCUMENT_BYTES)
    decoded = payload.decode()
    require_shallow(decoded.text)
    try:
        return json.loads(decoded.text, parse_constant=str), decoded
    except ValueError as error:  # a number with thousands of digits as well
        raise Malformed(form) from error


def require_shallow(text: str) -> None:
    """Raises TooComplex where arrays and objects are nested more than MAX_DEPTH deep."""
    depth = 0
    for bracket in BRACKETS.findall(STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise TooComplex.nested(MAX_DEPTH)


@cache
def folded(name: str) -> str:
    return name.replace("_", "").lower()


class Item:
    """An object of a document, read by folded names; what is of another type counts as absent."""

    def __init__(self, value: Any) -> None:
        source = value if isinstance(value, dict) else {}
        self.values: dict[str, Any] = {}
        for name, inner in source.items():
            self.values.setdefault(name.replace("_", "").lower(), inner)

    def text(self, *names: str) -> str:
        """The first of these that is a text or a number."""
        for name in names:
            value = self.values.get(folded(name))
            if isinstance(value, str) and value.strip():
                return storable(value)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
        return ""

    def items(self, *names: str) -> Iterator["Item"]:
        """The objects of the first of these that is there: a list, an object by names, or a lone text."""
        value = next((v for name in names if (v := self.values.get(folded(name)))), None)
        if isinstance(value, dict):
            is_one = any(not isinstance(inner, dict | list) for inner in value.values())
            value = [value] if is_one else [{"name": k, **as_dict(v)} for k, v in value.items()]
        elif isinstance(value, str):
            value = [value]
        for inner in value if isinstance(value, list) else []:
            yield Item({"name": inner} if isinstance(inner, str) else inner)

    def has(self, *names: str) -> bool:
        return any(folded(name) in self.values for name in names)


def storable(text: str) -> str:
    """The text without characters that JSON can escape and no database stores: NUL, lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED_CHARACTERS.sub("", text)


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"items": value}
