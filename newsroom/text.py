"""Text as it is kept: NFC, without what nobody can see and nothing can store."""

import re
import unicodedata
from typing import Any

# Control characters but tab and line feed; the bidirectional overrides and isolates that could turn
# the text beside them around (UTR 36); code points that are no characters or half of one.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
# What XML 1.0 has no way to write (its production 2).
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What takes room or none and shows nothing: spaces of every width, joiners, Hangul fillers, Braille blank.
INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028\u2029\u2060-\u2064"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)

# Format characters that print nothing: soft hyphen, zero-width spaces and joiners, marks of direction,
# fillers, variation selectors, interlinear and musical controls, tags (Unicode 16, 23.2 and 23.9). Some
# of them shape their neighbours.
FORMAT_CHARACTERS = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
JOINERS = {"\u200c", "\u200d"}
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
FLAG_TAGS = re.compile("[\U000e0020-\U000e007e]+\U000e007f")
BLACK_FLAG = "\U0001f3f4"


def strip_invisible_characters(text: str) -> str:
    """The text without format characters that print nothing and break search (U+200B, U+00AD, U+FEFF …).

    Those that shape what is seen stay: joiners within emoji sequences and between letters of scripts that
    join (Arabic, Indic), variation selectors behind emoji and Han, the tags of a flag (UTS 51). Idempotent.
    """
    return FORMAT_CHARACTERS.sub(shaping_characters, text)


def shaping_characters(run: re.Match[str]) -> str:
    """Of a run of format characters, those that shape the characters beside it."""
    before, after = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    if before == BLACK_FLAG and (tags := FLAG_TAGS.match(run[0])):
        return tags[0]
    selector = run[0][0] if SELECTORS.match(run[0]) and takes_selector(before, after) else ""
    joiner = next((c for c in run[0] if c in JOINERS), "")
    joins = (before and after) and is_joining(before) and is_joining(after)
    return selector + (joiner if joins else "")


def takes_selector(before: str, after: str) -> bool:
    """Whether a variation selector says how this character looks: emoji, signs, keycaps (1️⃣), Han."""
    if before in "#*0123456789":
        return bool(before) and after == "\u20e3"
    return unicodedata.category(before) in {"So", "Sm", "Po", "Pd"} or "CJK" in unicodedata.name(
        before, ""
    )


def is_joining(character: str) -> bool:
    """Whether a zero-width joiner beside this character changes what is seen: emoji, Arabic, Indic."""
    return unicodedata.category(character) in {"So", "Sk"} or "\u0600" <= character <= "\u0dff"


def clean(text: str) -> str:
    """The text in NFC, line ends as \\n, trimmed, without unstorable, direction-turning or invisible
    characters.

    NFC, never NFKC: NFKC would turn ㅋㅋㅋ into conjoining jamo and ㈜ into (주).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", strip_invisible_characters(UNWANTED.sub("", text))).strip()


def one_line(text: str) -> str:
    """The same, on a single line, runs of white space made one space."""
    return re.sub(r"\s+", " ", clean(text))


def is_blank(text: str) -> bool:
    """Whether a person would see nothing at all (Hangul filler and zero-width characters included)."""
    return not INVISIBLE.sub("", text)


def canonical_slug(slug: str) -> str:
    """The one form of a slug among those that a browser may send: NFC, lower case. Idempotent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).lower())


def serializable(value: Any) -> Any:
    """The value with its texts, in lists, tuples and dicts too, without what XML 1.0 cannot hold: a
    single such character, in whatever column it was kept, would take a whole document away."""
    if isinstance(value, str):
        return NOT_IN_XML.sub("", value)
    if isinstance(value, dict):
        return {name: serializable(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(serializable, value))
    return value
