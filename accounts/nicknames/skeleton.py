"""Skeletons of nicknames (Unicode TR39, section 4): names with equal skeletons look the same. Pure."""

import unicodedata

from django.utils.crypto import salted_hmac

from accounts.nicknames.confusables import CONFUSABLES
from newsroom.text.hangul import decompose_letters
from newsroom.text.normalization import BLANK_CHARACTERS

MAX_KEY_CHARS = 60
# Characters that look like letters, among ASCII; TR39 has them too, but in upper case.
ASCII_LOOKALIKES = {
    "0": "o",
    "1": "i",
    "3": "e",
    "5": "s",
    "l": "i",
    "|": "i",
    "m": "rn",
    "w": "vv",
}
UNICODE_LOOKALIKES = str.maketrans(
    {character: key for key, characters in CONFUSABLES.items() for character in characters}
)
LATIN_LOOKALIKES = str.maketrans(ASCII_LOOKALIKES)
# Jamo that differ by one stroke, and strokes that are written for them: 괸리자, 꽌리자, 관丨자.
SIMILAR_JAMO = str.maketrans(
    "ㄲㅋㄸㅌㅃㅍㅆㅉㅊㅎㅔㅒㅖㅑㅕ丨ー", "ㄱㄱㄷㄷㅂㅂㅅㅈㅈㅇㅐㅐㅐㅏㅓㅣㅡ"
)
SIMILAR_VOWELS = (("ㅗㅣ", "ㅗㅏ"), ("ㅗㅐ", "ㅗㅏ"), ("ㅜㅣ", "ㅜㅓ"), ("ㅜㅐ", "ㅜㅓ"))
# The table before CONFUSABLES: the keys of accounts that closed then were made with it.
FORMER_LOOKALIKES = str.maketrans("0135аеорсухіјѕԁɡοανl|", "oiesaeopcyxijsdgoavii")


def skeleton(name: str) -> str:
    """The skeleton of a name: folded by NFKC, look-alikes replaced, letters and digits alone."""
    text = unicodedata.normalize("NFKC", BLANK_CHARACTERS.sub("", name))
    folded = text.translate(UNICODE_LOOKALIKES).casefold().translate(UNICODE_LOOKALIKES)
    return letters_and_digits(folded.translate(LATIN_LOOKALIKES))


def former_skeleton(name: str) -> str:
    """The skeleton by which the nicknames of accounts closed before are kept; it cannot be made again."""
    folded = unicodedata.normalize("NFKC", BLANK_CHARACTERS.sub("", name)).casefold()
    return letters_and_digits(folded.translate(FORMER_LOOKALIKES))


def letters_and_digits(text: str) -> str:
    """The letters and digits of a text, at most MAX_KEY_CHARS."""
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")[:MAX_KEY_CHARS]


def skeleton_letters(name: str) -> str:
    """The skeleton decomposed into jamo, so that ㄱㅘㄴ리자 equals 관리자."""
    return "".join(map(decompose_letters, skeleton(name)))


def similar_letters(name: str) -> str:
    """The same with similar jamo made equal, as 괸리자 and 관리자 are at a glance."""
    jamo = "".join(decompose_letters(c) or c for c in skeleton(name)).translate(SIMILAR_JAMO)
    for vowel, other in SIMILAR_VOWELS:
        jamo = jamo.replace(vowel, other)
    return jamo


def retired_nickname_key(key: str) -> str:
    """The keyed digest of a closed account's skeleton: keeps the nickname taken without storing it."""
    # The salt is that of stored keys: another one would release the nicknames of closed accounts.
    digest = salted_hmac("accounts.names.retired", key, algorithm="sha256").hexdigest()
    return f"-{digest[:58]}"
