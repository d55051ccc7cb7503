"""Text as it is kept: NFC, without what nobody can see and nothing can store."""

import re
import unicodedata
from typing import Any

from newsroom.text.invisible_characters import strip_invisible_characters

# Control characters but tab and line feed; the bidirectional overrides and isolates that could turn
# the text beside them around (UTR 36); code points that are no characters or half of one.
UNWANTED_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
# What XML 1.0 has no way to write (its production 2).
XML_INVALID_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What takes room or none and shows nothing: spaces of every width, joiners, Hangul fillers, Braille blank.
BLANK_CHARACTERS = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028\u2029\u2060-\u2064"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def normalize_text(text: str) -> str:
    """The text in NFC, line ends as \\n, trimmed, without unstorable, direction-turning or invisible
    characters.

    NFC, never NFKC: NFKC would turn ㅋㅋㅋ into conjoining jamo and ㈜ into (주).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize(
        "NFC", strip_invisible_characters(UNWANTED_CHARACTERS.sub("", text))
    ).strip()


def normalize_line(text: str) -> str:
    """The same, on a single line, runs of white space made one space."""
    return re.sub(r"\s+", " ", normalize_text(text))


def is_blank(text: str) -> bool:
    """Whether a person would see nothing at all (Hangul filler and zero-width characters included)."""
    return not BLANK_CHARACTERS.sub("", text)


def canonical_slug(slug: str) -> str:
    """The one form of a slug among those that a browser may send: NFC, lower case. Idempotent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).lower())


def xml_safe(value: Any) -> Any:
    """The value with its texts, in lists, tuples and dicts too, without what XML 1.0 cannot hold: a
    single such character, in whatever column it was kept, would take a whole document away."""
    if isinstance(value, str):
        return XML_INVALID_CHARACTERS.sub("", value)
    if isinstance(value, dict):
        return {name: xml_safe(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(xml_safe, value))
    return value
