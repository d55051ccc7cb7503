"""Prefix keys of autocomplete: Hangul words as typed, with half a syllable or initials only. Pure.

`인공ㅈ`, `인고`, `ㅇㄱㅈㄴ` and `ㅇㄱ` are all prefixes of 인공지능. Every letter is encoded in a-y and
digits, so that the words with a prefix are those between its key and its key with a z appended, whatever
the collation of the database.
"""

import unicodedata
from dataclasses import dataclass

from newsroom.text.hangul import LEADS, VOWELS, decompose_letters

KEY_ALPHABET = "abcdefghijklmnopqrstuvwxy"
KEY_RANGE_END = "z"
JAMO = LEADS + VOWELS  # compound jamo are split before


@dataclass(frozen=True)
class TypedPrefix:
    """Keys of what was typed: of all letters, and of the initials if it ends with initials only."""

    spelling: str
    leads: str


def encode_letter(letter: str) -> str:
    """A letter in a-y and digits: digits as they are, jamo as two letters, others as many as needed."""
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
    """The jamo of each syllable, or single letters and digits; spaces and punctuation are dropped.

    Independent of how syllables are composed; a cluster of consonants (ㄳ) counts as two.
    """
    syllables: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        plain = unicodedata.normalize("NFKC", character)
        jamo = plain if plain.isascii() and plain.isdigit() else decompose_letters(character)
        syllables += jamo if all(letter in LEADS for letter in jamo) else [jamo]
    return syllables


def letters_key(word: str) -> str:
    """The key of all letters of a word."""
    return "".join(encode_letter(letter) for jamo in split_syllables(word) for letter in jamo)


def initials_key(word: str) -> str:
    """The key of the first letter of each syllable of a word."""
    return "".join(encode_letter(jamo[0]) for jamo in split_syllables(word))


def parse_prefix(typed: str) -> TypedPrefix | None:
    """The keys to look up what was typed; None if it has no letter or digit.

    Initials at the end (인공ㅈㄴ) stand for syllables that are not typed yet.
    """
    syllables = split_syllables(typed)
    if not syllables:
        return None
    tail = len(syllables)
    while tail and len(syllables[tail - 1]) == 1 and syllables[tail - 1] in LEADS:
        tail -= 1
    initials = syllables[tail:]
    if not initials:
        return TypedPrefix("".join(encode_letter(c) for jamo in syllables for c in jamo), "")
    letters = "".join(encode_letter(c) for jamo in syllables[:tail] for c in jamo)
    leads = "".join(encode_letter(jamo[0]) for jamo in syllables)
    return TypedPrefix(letters + (encode_letter(initials[0]) if tail else ""), leads)
