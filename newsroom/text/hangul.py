"""Decomposition of Hangul into letters, to see through disguised words. Pure."""

import unicodedata

from newsroom.text.normalization import BLANK_CHARACTERS

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
COMPOUND = (
    "ㄳㄱㅅㄵㄴㅈㄶㄴㅎㄺㄹㄱㄻㄹㅁㄼㄹㅂㄽㄹㅅㄾㄹㅌㄿㄹㅍㅀㄹㅎㅄㅂㅅ"
    "ㅘㅗㅏㅙㅗㅐㅚㅗㅣㅝㅜㅓㅞㅜㅔㅟㅜㅣㅢㅡㅣ"
)
COMPOUND_PARTS = {COMPOUND[n]: COMPOUND[n + 1 : n + 3] for n in range(0, len(COMPOUND), 3)}
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3


def decompose_letters(character: str) -> str:
    """The letters that a reader sees in one code point: 봐 is ㅂㅗㅏ, Ａ is a, ㅋ is ㅋ however encoded.

    Compound vowels and finals are two letters; spaces, digits, signs, marks and fillers are "".
    """
    return "".join(map(decompose_code_point, unicodedata.normalize("NFKC", character).casefold()))


def decompose_code_point(character: str) -> str:
    """The letters of one code point, after NFKC."""
    code = ord(character)
    if FIRST_SYLLABLE <= code <= LAST_SYLLABLE:
        number = code - FIRST_SYLLABLE
        parts = LEADS[number // 588] + VOWELS[number % 588 // 28] + TAILS[number % 28].strip()
    elif 0x1100 <= code <= 0x1112:
        parts = LEADS[code - 0x1100]
    elif 0x1161 <= code <= 0x1175:
        parts = VOWELS[code - 0x1161]
    elif 0x11A8 <= code <= 0x11C2:
        parts = TAILS[code - 0x11A7]
    else:
        is_letter = unicodedata.category(character)[0] == "L" and not BLANK_CHARACTERS.match(
            character
        )
        parts = character if is_letter else ""
    return "".join(COMPOUND_PARTS.get(part, part) for part in parts)


def is_vowel(letter: str) -> bool:
    return "ㅏ" <= letter <= "ㅣ"
