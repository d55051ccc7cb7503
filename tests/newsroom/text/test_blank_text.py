"""What counts as blank text, by Unicode properties over all code points."""

import sys
import unicodedata

import pytest

from newsroom.text.normalization import is_blank, normalize_text

# General categories whose characters show something: letters, numbers, punctuation, symbols. Private ones
# and unassigned ones are shown as boxes, which is nothing to read.
SHOWN = set("LNPS")
# Letters and symbols whose names say that nothing is shown.
EMPTY_NAMES = {
    "HANGUL CHOSEONG FILLER",
    "HANGUL JUNGSEONG FILLER",
    "HANGUL FILLER",
    "HALFWIDTH HANGUL FILLER",
    "BRAILLE PATTERN BLANK",
    "OBJECT REPLACEMENT CHARACTER",
    "MUSICAL SYMBOL NULL NOTEHEAD",
}


def is_shown(number: int) -> bool:
    """Whether a code point shows something by itself, said in other words than the code under test."""
    character = chr(number)
    category = unicodedata.category(character)
    if category[0] in SHOWN:
        return unicodedata.name(character, "") not in EMPTY_NAMES
    return category == "Cn" and is_reserved_for_emoji(number)


def is_reserved_for_emoji(number: int) -> bool:
    """Unassigned code points with Extended_Pictographic (emoji-data.txt): shown by newer fonts."""
    return 0x1F000 <= number <= 0x1FAFF or 0x1FC00 <= number <= 0x1FFFD


def test_blank_is_decided_by_unicode_properties_for_all_code_points() -> None:
    """community B02."""
    wrong = [hex(n) for n in range(sys.maxunicode + 1) if is_blank(chr(n)) == is_shown(n)]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n\t ", "\u3000", "\u00ad", "\u200b\u2060\ufeff", "\u3164", "\u115f\u1160\uffa0"),
        *("\u2800", "\u202e\u2066\u200f", "\ufff9\ufffa\ufffb", "\ufffc", "\U000e0061\U000e007f"),
        *("\ufe0f", "\U000e0100", "\u200d\u200d", "\u0301\u0301", "\u20e3", "\U0001d159"),
        *("\u17b4\u17b5", "\u180e", "\u034f"),
        *("\ue000", "\uf8ff\U000f0000\U0010fffd", "\u0378", "\U0003fff0", "\ud800"),
    ],
)
def test_text_that_shows_nothing_is_blank(text: str) -> None:
    """community B02: before it is normalized and after."""
    assert is_blank(text)
    assert is_blank(normalize_text(text))
    assert is_blank(text * 3 + " " + text)
    assert not is_blank(text + "가")


@pytest.mark.parametrize(
    "text", ["ㅋ", "ㅠㅠ", "👍🏽", "👩‍👩‍👧", "é", "e\u0301", "7️⃣", ".", "\U0001fae8", "ᄒ"]
)
def test_text_that_shows_something_is_not_blank(text: str) -> None:
    """community B02, B04."""
    assert not is_blank(text)
    assert normalize_text(text) == unicodedata.normalize("NFC", text)
