"""Normalization of stored text: NFC, without control, invisible and direction-turning characters. Pure."""

import re
import unicodedata
from typing import Any

# Control characters but tab and line feed; bidirectional overrides and isolates, which could reverse
# the text beside them (UTR 36); noncharacters and surrogates.
UNWANTED_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
# What XML 1.0 cannot contain (its production 2).
XML_INVALID_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Blank characters: spaces of every width, joiners, Hangul fillers, Braille blank.
BLANK_CLASS = (
    "\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028\u2029\u2060-\u2064"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
BLANK_CHARACTERS = re.compile(f"[{BLANK_CLASS}]")
# By its general category a character shows nothing by itself: controls, format characters (joiners,
# direction, interlinear annotation, tags), surrogates, spaces, and marks without a letter to stand on
# (variation selectors among them).
BLANK_CATEGORIES = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"}
# Those that do so in spite of their category: letters and symbols (Hangul fillers, Braille blank, object
# replacement, null notehead), and unassigned ones that are ignorable by default or noncharacters.
# Unassigned ones otherwise may be emoji of a newer Unicode than this Python's.
BLANK_OF_OTHER_CATEGORIES = re.compile(
    "[\u115f\u1160\u3164\uffa0\u2800\ufffc\U0001d159\u2065\ufdd0-\ufdef\ufff0-\ufff8\U000e0000-\U000e0fff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
BOX_CATEGORIES = {"Co", "Cn"}
# Unassigned ones are Extended_Pictographic (UTS 51): an emoji of a newer Unicode than this Python's.
RESERVED_FOR_EMOJI = re.compile("[\U0001f000-\U0001faff\U0001fc00-\U0001fffd]")
# Format characters that only break search and comparison: zero-width space, word joiner, byte order
# mark, soft hyphen, invisible operators, deprecated controls, blanks that count as letters (Hangul
# filler, Braille), and the language tag.
FORMAT_CHARACTERS = re.compile(
    "[\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\u2800\u3164\uffa0\ufff9-\ufffb\U000e0001]"
)
# Tag characters spell a flag behind a black flag (UTS 51, section 5.3), and nothing elsewhere.
TAG_CHARACTERS = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{1,7}\U000e007f)|[\U000e0000-\U000e007f]"
)
SYMBOLS = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
# Scripts in which a joiner or non-joiner chooses the form of a letter: Arabic to Tibetan, Myanmar,
# Khmer, Mongolian.
JOINED = "\u0600-\u0fff\u1000-\u109f\u1780-\u18af"
# A variation selector chooses emoji or text style of a symbol, or the form of an ideograph.
VARIATION_SELECTORS = re.compile(
    f"(?<![0-9#*{SYMBOLS}{IDEOGRAPHS}{JOINED}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
JOINERS = re.compile(
    f"(?<![{SYMBOLS}\ufe0f{JOINED}])\u200d|\u200d(?![{SYMBOLS}{JOINED}])(?<![{JOINED}]\u200d)"
    f"|(?<![{JOINED}])\u200c"
)
INVISIBLE_CHARACTER = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u206f\u2800\u3164\uffa0\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff]")


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


def strip_invisible_characters(text: str) -> str:
    """The text without characters that show nothing and only change the result of a search.

    Joiners stay inside emoji sequences and where a script needs them, variation selectors after
    characters that have variants, direction marks in text with right-to-left letters. Idempotent.
    """
    if not INVISIBLE_CHARACTER.search(text):
        return text
    text = FORMAT_CHARACTERS.sub("", text)
    text = TAG_CHARACTERS.sub(lambda match: match[1] or "", text)
    text = JOINERS.sub("", VARIATION_SELECTORS.sub("", text))
    return text if RIGHT_TO_LEFT.search(text) else DIRECTION_MARKS.sub("", text)


def shows_nothing(text: str) -> bool:
    """Whether the text shows nothing: spaces, fillers, invisible characters, marks without a letter."""
    return all(
        unicodedata.category(character) in BLANK_CATEGORIES
        or BLANK_OF_OTHER_CATEGORIES.match(character)
        for character in text
    )


def is_blank(text: str) -> bool:
    """Whether the text has nothing to read: it shows nothing, or boxes alone.

    Boxes stand for private characters and unassigned ones; those that Unicode reserves for emoji to come
    are shown by newer fonts.
    """
    return all(
        shows_nothing(character)
        or (
            unicodedata.category(character) in BOX_CATEGORIES
            and not RESERVED_FOR_EMOJI.match(character)
        )
        for character in text
    )


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
