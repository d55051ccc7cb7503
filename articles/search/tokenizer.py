"""Text as search sees it: letters folded, taken apart into units, and every two and three of them a gram.

A unit is one Hangul syllable (or ideograph, or letter of a Hangul syllable), or a whole run of other
letters or of digits.  Units that stand side by side make grams, and so do units with only a space
between, which is why `인공 지능` and `인공지능` are one word here, and why particles and compounds need no
dictionary.  What grams cannot know (whether all those of a word stand in one place) is judged on the
text itself (articles/search/query_parser.py).  One tokenizer for every database.  Pure.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from newsroom.text.invisible_characters import INVISIBLE_CHARACTER

# The araea is the middle dot of Korean news, and NFKC would make a letter of it.
ARAEA_TO_MIDDLE_DOT = str.maketrans({"\u318d": "·"})
SINGLE_CHAR_TOKENS = "가-힣\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
LETTER_PATTERN = rf"[^\W\d_{SINGLE_CHAR_TOKENS}]"
TOKEN_PATTERN = re.compile(rf"(?P<alone>[{SINGLE_CHAR_TOKENS}])|\d+|{LETTER_PATTERN}+")
# What stands in the middle of a word (GPT-5, 한·미, R&D, 3.5, ‘AI’의), and what may stand between words.
WORD_JOINER_PATTERN = r"(?:[-‐–·・'’‘&_]|(?<=\d)[.,](?=\d))"
WORD_SPACE_PATTERN = r"['’‘]?[ \t]+['’‘]?"
GAP_PATTERN = re.compile(rf"(?P<space>{WORD_SPACE_PATTERN})|{WORD_JOINER_PATTERN}")
MAX_TOKEN_CHARS = 40  # in a gram; what is longer is no word
HEADLINE_PREFIX, HEAD_PREFIX = "#", "@"


class Token(NamedTuple):
    """A run is a word by itself: letters of an alphabet, or digits. `follows_gap`: nothing of a word
    stands right before it."""

    text: str
    is_run: bool
    starts_word: bool
    follows_gap: bool = True

    @property
    def is_letters(self) -> bool:
        return self.is_run and not self.text.isdigit()


def fold_text(text: str) -> str:
    """NFKC without case and format characters; the spaces stay. Composed and decomposed, wide and narrow
    are the same."""
    seen = INVISIBLE_CHARACTER.sub("", text)
    return unicodedata.normalize("NFKC", seen.translate(ARAEA_TO_MIDDLE_DOT).casefold())


def tokenize(text: str) -> Iterator[list[Token]]:
    """The units of folded text, in runs that no line, sentence, clause or bracket breaks."""
    piece: list[Token] = []
    end = 0
    for found in TOKEN_PATTERN.finditer(text):
        start, starts_word = found.start(), not piece
        follows_gap = starts_word or start > end
        if piece and start > end:
            gap = GAP_PATTERN.match(text, end)
            if gap is None or gap.end() != start:
                yield piece
                piece, starts_word = [], True
            else:
                starts_word = gap["space"] is not None
        piece.append(Token(found[0], found["alone"] is None, starts_word, follows_gap))
        end = found.end()
    if piece:
        yield piece


def gram_parts(piece: list[Token]) -> tuple[list[str], list[str]]:
    """The texts of units as a gram ends with them, and as it goes on after them.

    Two runs of one kind keep apart: `new_york` is not `newyork`.
    """
    ends = [unit.text[:MAX_TOKEN_CHARS] for unit in piece]
    inner = [
        f"{end}_" if a.is_run and b.is_run and a.text.isdigit() == b.text.isdigit() else end
        for end, a, b in zip(ends, piece, piece[1:], strict=False)
    ]
    return ends, inner


def join_hyphenated_letters(piece: list[Token]) -> list[Token]:
    """The piece with runs of letters that a hyphen or its like joins made one run: K-POP is KPOP."""
    joined: list[Token] = []
    for unit in piece:
        if joined and unit.is_letters and joined[-1].is_letters and not unit.starts_word:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + unit.text)
        else:
            joined.append(unit)
    return joined


def iter_ngrams(piece: list[Token]) -> Iterator[str]:
    """Every gram of a piece: runs alone, first syllables of words alone, twos, threes.

    Two units with a space between are a gram only where the first is a word by itself (새 정부): the end
    of a word and the beginning of the next are no word (오전 주식 is not about 전주).
    """
    ends, inner = gram_parts(piece)
    yield from (
        end for end, unit in zip(ends, piece, strict=True) if unit.is_run or unit.follows_gap
    )
    yield from (
        start + end
        for start, end, a, b in zip(inner, ends[1:], piece, piece[1:], strict=False)
        if a.starts_word or not b.starts_word
    )
    yield from (a + b + c for a, b, c in zip(inner, inner[1:], ends[2:], strict=False))
    # K-POP and K POP are found as KPOP.
    yield from (
        (a.text + b.text)[:MAX_TOKEN_CHARS]
        for a, b in itertools.pairwise(piece)
        if a.is_letters and b.is_letters
    )


def extract_ngrams(text: str) -> set[str]:
    """Every gram of a text as people write it."""
    found = set[str]()
    for piece in tokenize(fold_text(text)):
        found.update(iter_ngrams(piece))
        if len(joined := join_hyphenated_letters(piece)) < len(piece):
            found.update(iter_ngrams(joined))
    return found


def query_ngrams(word: list[Token]) -> list[str]:
    """The grams that say most of a word."""
    ends, inner = gram_parts(word)
    if len(word) == 1:
        return ends
    if len(word) == 2:
        return [inner[0] + ends[1]]
    return [a + b + c for a, b, c in zip(inner, inner[1:], ends[2:], strict=False)]
