"""Stored form and fingerprint of comments: texts that look the same have one fingerprint. Pure.

The fingerprint is stored with each comment, so its letters stay as they are when the filter changes.
"""

import hashlib
from dataclasses import dataclass

from newsroom.text.hangul import decompose_letters, is_vowel
from newsroom.text.marks import limit_marks
from newsroom.text.normalization import normalize_text

MAX_COMBINING_MARKS = 4  # on one base character; no language has more, Zalgo text does


@dataclass(frozen=True)
class LetterSequence:
    """The letters of a text with, for each, its index in the text and that of its last repetition.

    `is_first` says whether the letter begins a character.
    """

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    is_first: tuple[bool, ...]


def normalize_comment_text(text: str) -> str:
    """The text as it is stored: NFC, clean, and at most MAX_COMBINING_MARKS on one character."""
    normalized = normalize_text(text)
    limited = limit_marks(normalized, most=MAX_COMBINING_MARKS)
    return normalized if limited == normalized else normalize_text(limited)


def normalize_letters(text: str) -> LetterSequence:
    """Decompose a text into letters, with repetitions and drawn-out vowels merged."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    is_first: list[bool] = []
    for index, character in enumerate(text):
        decomposed = decompose_letters(character)
        for position, letter in enumerate(decomposed):
            if letters and letters[-1] == letter:
                ends[-1] = index if len(decomposed) == 1 else ends[-1]
                continue
            is_drawn_out = letters[-2:] == [letter, "ㅇ"] and starts[-1] == index and is_first[-1]
            if is_drawn_out and is_vowel(letter):  # 바아 is 바
                del letters[-1], starts[-1], is_first[-1], ends[-1]
                ends[-1] = index
                continue
            letters.append(letter)
            starts.append(index)
            ends.append(index)
            is_first.append(position == 0)
    return LetterSequence("".join(letters), tuple(starts), tuple(ends), tuple(is_first))


def text_fingerprint(text: str) -> str:
    """SHA-256 in hex of the letters, equal for texts that look the same; of the text if it has none."""
    return hashlib.sha256((normalize_letters(text).letters or text).encode()).hexdigest()
