"""Looks at words before readers do: shows them, or holds them for a moderator. Pure, in linear time.

What is found is told with the rule and the place in the stored text, so that a moderator sees why.
Words are compared letter by letter (자모) on a copy that remembers where each letter stood: particles
may hang on (바보야), spaces, digits, signs and invisible characters may stand between (바 1 보), jamo
may be split (ㅂㅏ보), letters repeated or drawn out (바아보).
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from newsroom.text.hangul import decompose_letters, is_vowel
from newsroom.text.normalization import normalize_text

# Only held, never refused, so a few innocent hits cost little; a newsroom has its own list
# (COMMENT_HOLD_WORDS), these show how it works.
DEFAULT_HOLD_WORDS = ("바보", "멍청이", "시발", "씨발")
# Innocent words that hold one of those, also as readers write them without the space between.
DEFAULT_PASS_WORDS = (
    *("시발점", "시발역", "시발택시", "시발자동차"),
    *(f"{before}시발" for before in "다역혹즉동도표게전실몹잠임일수"),
)
MAX_LINKS = 2
MAX_COMBINING_MARKS = 4  # combining marks on one base: more is no language but Zalgo

LINK_PATTERN = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{1,63}\.(?:com|net|org|kr|io|co|me|ly|gl|xyz|shop|site|top)\b\S*",
    re.IGNORECASE,
)
REPEATED_CHARACTER_PATTERN = re.compile(r"(\S)\1{99,}")
REPEATED_SEQUENCE_PATTERN = re.compile(r"((\S)(?!\2).{1,29}?)\1{29,}", re.DOTALL)
MIN_REPEATED_LINES = 5
# Between two words, not inside one: the letters on both sides need not belong together.
WORD_BREAK_PATTERN = re.compile(r"[\s.,!?…·;:\"'“”‘’()\[\]/]")
PARTICLE_PATTERN = re.compile(
    "(?:야|아|이|은|는|을|를|도|만|의|가|네|냐|요|임|인|다|라|"
    "(?:들|같|놈|년|새|이라|이네|이다|입니).*|[ㄱ-ㅎㅏ-ㅣ]+)?"
)
LATIN_PATTERN = re.compile("[A-Za-z]")
LETTERS_PATTERN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Finding:
    """Why words are held: the rule, which word or how many links, and where in the stored text.

    Places are code points.  The reader's own words are not in it: it is written down for ever.
    """

    rule: str
    what: str
    start: int
    end: int


@dataclass(frozen=True)
class NormalizedText:
    """Text as letters, each with the place it came from and the last one it was repeated at.

    `first` says where a character begins.
    """

    letters: str
    where: tuple[int, ...]
    until: tuple[int, ...]
    first: tuple[bool, ...]


def normalize_comment_text(text: str) -> str:
    """The text as it is kept: clean (NFC), and no more than four combining marks on one character."""
    kept, marks = [], 0
    for character in normalize_text(text):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MAX_COMBINING_MARKS:
            kept.append(character)
    return "".join(kept)


def screen_text(
    text: str,
    *,
    hold_words: Iterable[str] = DEFAULT_HOLD_WORDS,
    pass_words: Iterable[str] = DEFAULT_PASS_WORDS,
) -> Finding | None:
    """The first reason to hold this text, or None to show it.

    Rules: `links` (more than two), `flood` (one sign, piece or line over and over), `word` (one of
    `hold` that is not part of one of `allowed`).
    """
    return (
        find_links(text)
        or find_flood(text)
        or find_held_word(text, hold=hold_words, allowed=pass_words)
    )


def find_links(text: str) -> Finding | None:
    links = list(LINK_PATTERN.finditer(text))
    if len(links) <= MAX_LINKS:
        return None
    return Finding("links", str(len(links)), links[0].start(), links[-1].end())


def find_flood(text: str) -> Finding | None:
    if same := REPEATED_CHARACTER_PATTERN.search(text) or REPEATED_SEQUENCE_PATTERN.search(text):
        return Finding("flood", "", same.start(), same.end())
    lines = Counter(line.strip() for line in text.split("\n"))
    del lines[""]
    for line, times in lines.most_common(1):
        if times >= MIN_REPEATED_LINES:
            start = text.index(line)
            return Finding("flood", "", start, start + len(line))
    return None


def find_held_word(text: str, *, hold: Iterable[str], allowed: Iterable[str]) -> Finding | None:
    """The first word of `hold` in the text, in whatever disguise."""
    seen = normalize_letters(text)
    passes = [
        span for word in allowed for span in find_spans(normalize_letters(word).letters, seen)
    ]
    for word in hold:
        for start, end in find_spans(normalize_letters(word).letters, seen):
            passed = any(a <= start and end <= b for a, b in passes)
            if not passed and is_single_word(text, seen, start, end):
                return Finding("word", word, start, end)
    return None


def normalize_letters(text: str) -> NormalizedText:
    """The letters of a text, repeats and drawn-out vowels taken together, with their places."""
    letters: list[str] = []
    where: list[int] = []
    until: list[int] = []
    first: list[bool] = []
    for place, character in enumerate(text):
        found = decompose_letters(character)
        for number, letter in enumerate(found):
            if letters and letters[-1] == letter:
                until[-1] = place if len(found) == 1 else until[-1]
                continue
            drawn_out = letters[-2:] == [letter, "ㅇ"] and where[-1] == place and first[-1]
            if drawn_out and is_vowel(letter):  # 바아 is 바
                del letters[-1], where[-1], first[-1], until[-1]
                until[-1] = place
                continue
            letters.append(letter)
            where.append(place)
            until.append(place)
            first.append(number == 0)
    return NormalizedText("".join(letters), tuple(where), tuple(until), tuple(first))


def find_spans(word: str, seen: NormalizedText) -> Iterator[tuple[int, int]]:
    """Where these letters stand in the text as whole characters: (start, end) of the stored text."""
    at = seen.letters.find(word) if word else -1
    while at != -1:
        last = at + len(word) - 1
        if seen.first[at] and not is_syllable_unfinished(seen, last):
            yield seen.where[at], seen.until[last] + 1
        at = seen.letters.find(word, at + 1)


def is_syllable_unfinished(seen: NormalizedText, last: int) -> bool:
    """Whether the syllable of this letter has a vowel still to come: 시바라 does not end in 시발."""
    after = last + 1
    return (
        after < len(seen.letters)
        and seen.where[after] == seen.where[last]
        and is_vowel(seen.letters[after])
    )


def is_single_word(text: str, seen: NormalizedText, start: int, end: int) -> bool:
    """Whether what was found is meant as one word, though something may stand between its letters.

    Across a space or a full stop only whole words count, a particle may follow: 시 발 does, 다시 발표
    does not.
    """
    if is_inside_latin_word(text, start, end):
        return False
    places = [place for place in seen.where if start <= place < end]
    if not any(WORD_BREAK_PATTERN.search(text, a + 1, b) for a, b in pairwise(places)):
        return True
    if start and LETTERS_PATTERN.match(text[start - 1]):
        return False
    rest = LETTERS_PATTERN.match(text, end)
    return PARTICLE_PATTERN.fullmatch(rest[0] if rest else "") is not None


def is_inside_latin_word(text: str, start: int, end: int) -> bool:
    """Whether Latin letters go on before or after: there, no word of ours is part of another."""
    before = LATIN_PATTERN.match(text, start) and start > 0 and LATIN_PATTERN.match(text, start - 1)
    after = LATIN_PATTERN.match(text, end - 1) and LATIN_PATTERN.match(text, end)
    return bool(before or after)


def text_fingerprint(text: str) -> str:
    """The same for texts that say the same to the eye: SHA-256 over the letters, or over the signs."""
    return hashlib.sha256((normalize_letters(text).letters or text).encode()).hexdigest()
