"""Content filter of comments: finds links, flooding and words on a list. Pure, in linear time.

A finding names the rule and the span in the stored text, so that a moderator sees why a comment is held.
Words are compared by jamo (자모) on a normalized copy that maps each letter to its index in the text:
particles may follow (바보야), spaces, digits, signs and invisible characters may separate (바 1 보), jamo
may be split (ㅂㅏ보), letters repeated or drawn out (바아보).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from newsroom.text.hangul import decompose_letters, is_vowel
from newsroom.text.marks import limit_marks
from newsroom.text.normalization import normalize_text

# Comments with these are held, not refused, so a few false positives cost little. Examples: a newsroom
# sets its own list (COMMENT_MODERATED_WORDS).
DEFAULT_HOLD_WORDS = ("바보", "멍청이", "시발", "씨발")
# Innocent words that contain one of those, also as readers write them without the space between.
DEFAULT_PASS_WORDS = (
    *("시발점", "시발역", "시발택시", "시발자동차"),
    *(f"{before}시발" for before in "다역혹즉동도표게전실몹잠임일수"),
)
MAX_LINKS = 2
MAX_COMBINING_MARKS = 4  # on one base character; no language has more, Zalgo text does

LINK_PATTERN = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{1,63}\.(?:com|net|org|kr|io|co|me|ly|gl|xyz|shop|site|top)\b\S*",
    re.IGNORECASE,
)
REPEATED_CHARACTER_PATTERN = re.compile(r"(\S)\1{99,}")
REPEATED_SEQUENCE_PATTERN = re.compile(r"((\S)(?!\2).{1,29}?)\1{29,}", re.DOTALL)
MIN_REPEATED_LINES = 5
# Characters that separate words: the letters on both sides need not belong together.
WORD_BREAK_PATTERN = re.compile(r"[\s.,!?…·;:\"'“”‘’()\[\]/]")
PARTICLE_PATTERN = re.compile(
    "(?:야|아|이|은|는|을|를|도|만|의|가|네|냐|요|임|인|다|라|"
    "(?:들|같|놈|년|새|이라|이네|이다|입니).*|[ㄱ-ㅎㅏ-ㅣ]+)?"
)
LATIN_PATTERN = re.compile("[A-Za-z]")
LETTERS_PATTERN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Finding:
    """Why a text is held: the rule, the matched list word or number of links, and the span in the text.

    `start` and `end` are code points of the stored text.  The reader's own words are left out, since the
    audit log keeps the finding.
    """

    rule: str
    match: str
    start: int
    end: int


@dataclass(frozen=True)
class NormalizedText:
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


def screen_text(
    text: str,
    *,
    hold_words: Iterable[str] = DEFAULT_HOLD_WORDS,
    pass_words: Iterable[str] = DEFAULT_PASS_WORDS,
) -> Finding | None:
    """The first reason to hold a text, or None.

    Rules: `links` (more than MAX_LINKS), `flood` (a character, sequence or line repeated many times),
    `word` (one of `hold_words` that is not part of one of `pass_words`).
    """
    return (
        find_links(text)
        or find_flood(text)
        or find_held_word(text, hold_words=hold_words, pass_words=pass_words)
    )


def find_links(text: str) -> Finding | None:
    """A `links` finding for more than MAX_LINKS links."""
    links = list(LINK_PATTERN.finditer(text))
    if len(links) <= MAX_LINKS:
        return None
    return Finding("links", str(len(links)), links[0].start(), links[-1].end())


def find_flood(text: str) -> Finding | None:
    """A `flood` finding for a repeated character, sequence or line."""
    match = REPEATED_CHARACTER_PATTERN.search(text) or REPEATED_SEQUENCE_PATTERN.search(text)
    if match:
        return Finding("flood", "", match.start(), match.end())
    lines = Counter(line.strip() for line in text.split("\n"))
    del lines[""]
    for line, count in lines.most_common(1):
        if count >= MIN_REPEATED_LINES:
            start = text.index(line)
            return Finding("flood", "", start, start + len(line))
    return None


def find_held_word(
    text: str, *, hold_words: Iterable[str], pass_words: Iterable[str]
) -> Finding | None:
    """A `word` finding for the first of `hold_words` in the text, in whatever spelling."""
    normalized = normalize_letters(text)
    passes = [
        span
        for word in pass_words
        for span in find_spans(normalize_letters(word).letters, normalized)
    ]
    for word in hold_words:
        for start, end in find_spans(normalize_letters(word).letters, normalized):
            is_passed = any(a <= start and end <= b for a, b in passes)
            if not is_passed and is_single_word(text, normalized, start, end):
                return Finding("word", word, start, end)
    return None


def normalize_letters(text: str) -> NormalizedText:
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
    return NormalizedText("".join(letters), tuple(starts), tuple(ends), tuple(is_first))


def find_spans(word: str, text: NormalizedText) -> Iterator[tuple[int, int]]:
    """The spans, (start, end) in the stored text, in which these letters are whole characters."""
    at = text.letters.find(word) if word else -1
    while at != -1:
        last = at + len(word) - 1
        if text.is_first[at] and not is_syllable_unfinished(text, last):
            yield text.starts[at], text.ends[last] + 1
        at = text.letters.find(word, at + 1)


def is_syllable_unfinished(text: NormalizedText, last: int) -> bool:
    """Whether a vowel of the same syllable follows the letter `last`: 시바라 does not end in 시발."""
    after = last + 1
    return (
        after < len(text.letters)
        and text.starts[after] == text.starts[last]
        and is_vowel(text.letters[after])
    )


def is_single_word(text: str, normalized: NormalizedText, start: int, end: int) -> bool:
    """Whether a span is one word, although other characters may separate its letters.

    Across a word break only whole words count, a particle may follow: 시 발 does, 다시 발표 does not.
    """
    if is_inside_latin_word(text, start, end):
        return False
    indexes = [index for index in normalized.starts if start <= index < end]
    if not any(WORD_BREAK_PATTERN.search(text, a + 1, b) for a, b in pairwise(indexes)):
        return True
    if start and LETTERS_PATTERN.match(text[start - 1]):
        return False
    rest = LETTERS_PATTERN.match(text, end)
    return PARTICLE_PATTERN.fullmatch(rest[0] if rest else "") is not None


def is_inside_latin_word(text: str, start: int, end: int) -> bool:
    """Whether Latin letters continue before or after a span of Latin letters."""
    before = LATIN_PATTERN.match(text, start) and start > 0 and LATIN_PATTERN.match(text, start - 1)
    after = LATIN_PATTERN.match(text, end - 1) and LATIN_PATTERN.match(text, end)
    return bool(before or after)


def text_fingerprint(text: str) -> str:
    """SHA-256 in hex of the letters, equal for texts that look the same; of the text if it has none."""
    return hashlib.sha256((normalize_letters(text).letters or text).encode()).hexdigest()
