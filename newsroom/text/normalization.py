"""Normalization of stored text: NFC, without control, invisible and direction-turning characters."""

import re
import unicodedata
from typing import Any

from newsroom.text.invisible_characters import strip_invisible_characters

# Control characters but tab and line feed; bidirectional overrides and isolates, which could reverse
# the text beside them (UTR 36); noncharacters and surrogates.
UNWANTED_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
# What XML 1.0 cannot contain (its production 2).
XML_INVALID_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Blank characters: spaces of every width, joiners, Hangul fillers, Braille blank.
BLANK_CHARACTERS = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028\u2029\u2060-\u2064"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def normalize_text(text: str) -> str:
    """The text in NFC, line ends as \\n, trimmed, without characters that cannot be stored, that turn the
    direction or that are invisible.

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
    """Whether the text shows nothing (Hangul filler and zero-width characters count as nothing)."""
    return not BLANK_CHARACTERS.sub("", text)


def canonical_slug(slug: str) -> str:
    """The canonical form of a slug: NFC, lower case. Idempotent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).lower())


def xml_safe(value: Any) -> Any:
    """The value with its texts, in lists, tuples and dicts too, without characters invalid in XML 1.0.

    One of them would make a whole document unreadable.
    """
    if isinstance(value, str):
        return XML_INVALID_CHARACTERS.sub("", value)
    if isinstance(value, dict):
        return {name: xml_safe(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(xml_safe, value))
    return value
