"""N-gram tokenizer: folds text, splits it into tokens and makes n-grams of two and three tokens. Pure.

A token is one Hangul syllable (or ideograph, or single jamo), or a whole run of other letters or of
digits.  Adjacent tokens make n-grams, and so do tokens with only a space between them: so `인공 지능` and
`인공지능` are one word here, and particles and compounds need no dictionary.  Whether all n-grams of a
word are adjacent is decided on the text itself (newsroom/search/query_parser.py).  The same for every
database.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from newsroom.text.normalization import INVISIBLE_CHARACTER

# Korean news uses the araea as a middle dot; NFKC would make it a letter.
ARAEA_TO_MIDDLE_DOT = str.maketrans({"\u318d": "·"})
SYLLABLE_CHARS = "가-힣\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
LETTER_PATTERN = rf"[^\W\d_{SYLLABLE_CHARS}]"
TOKEN_PATTERN = re.compile(rf"(?P<single>[{SYLLABLE_CHARS}])|\d+|{LETTER_PATTERN}+")
# Characters inside a word (GPT-5, 한·미, R&D, 3.5, ‘AI’의), and those between two words.
WORD_JOINER_PATTERN = r"(?:[-‐–·・'’‘&_]|(?<=\d)[.,](?=\d))"
WORD_SPACE_PATTERN = r"['’‘]?[ \t]+['’‘]?"
GAP_PATTERN = re.compile(rf"(?P<space>{WORD_SPACE_PATTERN})|{WORD_JOINER_PATTERN}")
PART_TOKENS = 200  # tokens of a part of a long text
MAX_TOKEN_CHARS = 40  # of a token in an n-gram; the rest is cut off
# Prefixes of the n-grams of the headline, and of all lines but the body (articles/search/backends).
HEADLINE_PREFIX, HEAD_PREFIX = "#", "@"


class Token(NamedTuple):
    """A token of folded text.

    `is_run`: a run of letters or digits, which is a word by itself. `starts_word`: first of its piece or
    after a space. `follows_gap`: nothing of a word stands directly before it.
    """

    text: str
    is_run: bool
    starts_word: bool
    follows_gap: bool = True

    @property
    def is_letters(self) -> bool:
        return self.is_run and not self.text.isdigit()


def fold_text(text: str) -> str:
    """Normalized text (NFKC, case folded, without format characters); spaces stay.

    Composed and decomposed, wide and narrow characters become the same.
    """
    visible = INVISIBLE_CHARACTER.sub("", text)
    return unicodedata.normalize("NFKC", visible.translate(ARAEA_TO_MIDDLE_DOT).casefold())


def tokenize(text: str) -> Iterator[list[Token]]:
    """The tokens of folded text, in pieces: no line, sentence, clause or bracket ends inside a piece."""
    piece: list[Token] = []
    end = 0
    for match in TOKEN_PATTERN.finditer(text):
        start, starts_word = match.start(), not piece
        follows_gap = starts_word or start > end
        if piece and start > end:
            gap = GAP_PATTERN.match(text, end)
            if gap is None or gap.end() != start:
                yield piece
                piece, starts_word = [], True
            else:
                starts_word = gap["space"] is not None
        piece.append(Token(match[0], match.lastgroup is None, starts_word, follows_gap))
        end = match.end()
    if piece:
        yield piece


def gram_parts(piece: list[Token]) -> tuple[list[str], list[str]]:
    """The texts of tokens as the last of an n-gram, and as one that others follow.

    Two runs of one kind are kept apart by an underscore: `new_york` is not `newyork`.
    """
    last_parts = [token.text[:MAX_TOKEN_CHARS] for token in piece]
    if not has_two_runs(piece):
        return last_parts, last_parts
    inner_parts = [
        f"{part}_" if a.is_run and b.is_run and a.text.isdigit() == b.text.isdigit() else part
        for part, a, b in zip(last_parts, piece, piece[1:], strict=False)
    ]
    return last_parts, inner_parts


def has_two_runs(piece: list[Token]) -> bool:
    """Whether runs could stand beside each other; in most Korean clauses, none do."""
    return sum(token.is_run for token in piece) > 1


def join_hyphenated_letters(piece: list[Token]) -> list[Token]:
    """The piece with letter runs around a hyphen or the like joined to one run: K-POP is KPOP."""
    if not has_two_runs(piece):
        return piece
    joined: list[Token] = []
    for token in piece:
        if joined and token.is_letters and joined[-1].is_letters and not token.starts_word:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + token.text)
        else:
            joined.append(token)
    return joined


def iter_ngrams(piece: list[Token]) -> Iterator[str]:
    """All n-grams of a piece: single runs, first syllables of words, pairs, triples.

    Two tokens with a space between are a pair only if the first is a word by itself (새 정부): the end of
    one word and the start of the next are no word (오전 주식 is not about 전주).
    """
    last_parts, inner_parts = gram_parts(piece)
    yield from (
        part
        for part, token in zip(last_parts, piece, strict=True)
        if token.is_run or token.follows_gap
    )
    yield from (
        first + second
        for first, second, a, b in zip(inner_parts, last_parts[1:], piece, piece[1:], strict=False)
        if a.starts_word or not b.starts_word
    )
    yield from (
        a + b + c for a, b, c in zip(inner_parts, inner_parts[1:], last_parts[2:], strict=False)
    )
    # K-POP and K POP are found as KPOP.
    if not has_two_runs(piece):
        return
    yield from (
        (a.text + b.text)[:MAX_TOKEN_CHARS]
        for a, b in itertools.pairwise(piece)
        if a.is_letters and b.is_letters
    )


def iter_ngram_parts(text: str) -> Iterator[set[str]]:
    """The n-grams of `extract_ngrams` in the order of the text, those of PART_TOKENS tokens at a time."""
    for piece in tokenize(fold_text(text)):
        joined = join_hyphenated_letters(piece)
        for start in range(0, len(piece), PART_TOKENS):
            # Two tokens more: a pair or triple may begin in this part and end in the next.
            part = set(iter_ngrams(piece[start : start + PART_TOKENS + 2]))
            if len(joined) < len(piece):
                part.update(iter_ngrams(joined[start : start + PART_TOKENS + 2]))
            yield part


def extract_ngrams(text: str) -> set[str]:
    """All n-grams of a text as written (not folded yet)."""
    ngrams = set[str]()
    for piece in tokenize(fold_text(text)):
        ngrams.update(iter_ngrams(piece))
        if len(joined := join_hyphenated_letters(piece)) < len(piece):
            ngrams.update(iter_ngrams(joined))
    return ngrams


def query_ngrams(word: list[Token]) -> list[str]:
    """The longest n-grams of a word of a query, which an article must all have."""
    last_parts, inner_parts = gram_parts(word)
    if len(word) == 1:
        return last_parts
    if len(word) == 2:
        return [inner_parts[0] + last_parts[1]]
    return [
        a + b + c for a, b, c in zip(inner_parts, inner_parts[1:], last_parts[2:], strict=False)
    ]
