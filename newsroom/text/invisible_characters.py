"""Invisible characters: removal of those that show nothing and break search and comparison. Pure."""

import re

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
