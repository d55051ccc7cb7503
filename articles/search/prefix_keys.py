"""How a word begins, as somebody types it: half a syllable, or the first letters alone. Pure.

`인공ㅈ`, `인고`, `ㅇㄱㅈㄴ` and `ㅇㄱ` all begin 인공지능. Every letter is spelled in a-y and digits, so
that all that begins so lies between that spelling and it with a z behind, whatever a database's own
order is.
"""

import unicodedata
from dataclasses import dataclass

from newsroom.text.hangul import LEADS, VOWELS, decompose_letters

KEY_ALPHABET = "abcdefghijklmnopqrstuvwxy"
KEY_RANGE_END = "z"
JAMO = LEADS + VOWELS  # compounds are taken apart before they come here


@dataclass(frozen=True)
class TypedPrefix:
    """What has been typed: the letters, and the first letters where there are only these at its end."""

    spelling: str
    leads: str


def encode_letter(letter: str) -> str:
    """A letter in a-y and digits: digits as they are, Hangul in two, any other in as many as it takes."""
    if letter.isascii() and letter.isdigit():
        return letter
    number = JAMO.index(letter) if letter in JAMO else len(JAMO) + ord(letter)
    if letter in JAMO:
        return KEY_ALPHABET[number // 25] + KEY_ALPHABET[number % 25]
    digits = ""
    while number:
        number, rest = divmod(number, 25)
        digits = KEY_ALPHABET[rest] + digits
    return f"y{len(digits)}{digits}"


def split_syllables(text: str) -> list[str]:
    """The letters of each syllable, letter or digit; spaces and signs are nothing.

    However syllables are composed; consonants that a keyboard has made one (ㄳ) are two.
    """
    units: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        plain = unicodedata.normalize("NFKC", character)
        unit = plain if plain.isascii() and plain.isdigit() else decompose_letters(character)
        units += unit if all(letter in LEADS for letter in unit) else [unit]
    return units


def letters_key(word: str) -> str:
    return "".join(encode_letter(letter) for unit in split_syllables(word) for letter in unit)


def initials_key(word: str) -> str:
    return "".join(encode_letter(unit[0]) for unit in split_syllables(word))


def parse_prefix(typed: str) -> TypedPrefix | None:
    """How what was typed is looked up; None where no letter or digit is in it.

    First letters alone at the end (인공ㅈㄴ) are those of syllables to come.
    """
    units = split_syllables(typed)
    if not units:
        return None
    tail = len(units)
    while tail and len(units[tail - 1]) == 1 and units[tail - 1] in LEADS:
        tail -= 1
    leads = units[tail:]
    if not leads:
        return TypedPrefix("".join(encode_letter(c) for unit in units for c in unit), "")
    letters = "".join(encode_letter(c) for unit in units[:tail] for c in unit)
    firsts = "".join(encode_letter(unit[0]) for unit in units)
    return TypedPrefix(letters + (encode_letter(leads[0]) if tail else ""), firsts)
