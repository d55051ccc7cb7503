"""What a reader asks of search: words that all must be there, "phrases", and -words that must not. Pure.

Words are found inside others (정부 in 정부는, 은행 in 한국은행) and however their syllables are spaced;
one that the text spaces otherwise must begin where a word of the text begins.  Runs of letters and
digits are found whole, letters with a hyphen or without one (KPOP, K-POP).  A word of one syllable stands
with its neighbour (새 정부 is asked as 새정부); alone it is found where a word begins (쌀 in 쌀값, not in
햅쌀).
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from articles.errors import InvalidSearchQuery
from articles.search.tokenizer import (
    LETTER_PATTERN,
    WORD_JOINER_PATTERN,
    WORD_SPACE_PATTERN,
    Token,
    fold_text,
    join_hyphenated_letters,
    query_ngrams,
    tokenize,
)

MAX_QUERY_CHARS = 100  # characters of a question
# “ and 「 and their like are what people type for quotes.
QUERY_PART_PATTERN = re.compile(
    r"""(?P<no>(?<!\S)[-−])?(?:["“”「『](?P<phrase>[^"“”」』]*)["“”」』]?|(?P<word>[^\s"“”「『]+))"""
)
WORD_START_PATTERN = r"(?<![^\W_])"
EMPTY_QUERY = _("Type at least one word.")
ONLY_EXCLUDED_TERMS = _("Say what to look for; a word to leave out is not enough.")


@dataclass(frozen=True)
class QueryTerm:
    """A word or phrase, in units; `starts_word` of each says where the question has a space."""

    units: tuple[Token, ...]
    is_phrase: bool = False

    @cached_property
    def grams(self) -> list[str]:
        return query_ngrams(join_hyphenated_letters(list(self.units)))

    @property
    def is_syllable(self) -> bool:
        return len(self.units) == 1 and not self.units[0].is_run

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """It in folded text: as one word, or otherwise spaced from the beginning of a word on."""
        if self.is_syllable:
            return re.compile(WORD_START_PATTERN + re.escape(self.units[0].text))
        close = term_pattern(self.units, loose=False)
        if not any(not unit.starts_word for unit in self.units[1:]):
            return re.compile(with_boundaries(self.units, close))
        loose = term_pattern(self.units, loose=True)
        return re.compile(with_boundaries(self.units, rf"(?:{close}|(?<!\w){loose})"))


def term_pattern(units: tuple[Token, ...], *, loose: bool) -> str:
    """The units one after the other; with spaces between them where the question has some, or anywhere."""
    spelling = token_pattern(units[0])
    for before, unit in itertools.pairwise(units):
        both_letters = before.is_letters and unit.is_letters
        is_hyphenated = both_letters and not unit.starts_word
        spaced = loose or unit.starts_word or is_hyphenated
        gap = rf"(?:{WORD_SPACE_PATTERN}|{WORD_JOINER_PATTERN})" if spaced else WORD_JOINER_PATTERN
        both = before.is_run and unit.is_run and before.is_letters == unit.is_letters
        spelling += gap + ("" if both and not is_hyphenated else "?") + token_pattern(unit)
    return spelling


def token_pattern(unit: Token) -> str:
    """A unit in a pattern; a run of letters with or without a hyphen anywhere (KPOP finds K-POP)."""
    if not unit.is_letters:
        return re.escape(unit.text)
    return f"{WORD_JOINER_PATTERN}?".join(map(re.escape, unit.text))


def with_boundaries(units: tuple[Token, ...], spelling: str) -> str:
    """With nothing more of a run before it and after it."""
    return boundary_pattern(units[0], "<!") + spelling + boundary_pattern(units[-1], "!")


def boundary_pattern(unit: Token, look: str) -> str:
    if not unit.is_run:
        return ""
    return rf"(?{look}\d)" if unit.text.isdigit() else rf"(?{look}{LETTER_PATTERN})"


@dataclass(frozen=True)
class ParsedQuery:
    """What must be there and what must not."""

    words: tuple[QueryTerm, ...]
    without: tuple[QueryTerm, ...] = ()

    def matches(self, text: str) -> bool:
        """Whether this folded text answers it, to the letter."""
        return all(word.pattern.search(text) for word in self.words) and not any(
            word.pattern.search(text) for word in self.without
        )


def parse_query(text: str) -> ParsedQuery:
    """The question in what was typed. Raises Unsearchable, in words, for one that cannot be asked."""
    words, without = list[QueryTerm](), list[QueryTerm]()
    for found in QUERY_PART_PATTERN.finditer(fold_text(text)):
        is_phrase = found["phrase"] is not None
        pile = without if found["no"] else words
        for units in tokenize(found["phrase"] if is_phrase else found["word"]):
            pile.append(QueryTerm(tuple(units), is_phrase))
    joined = list(join_single_syllables(words))
    if not joined:
        raise InvalidSearchQuery(ONLY_EXCLUDED_TERMS if without else EMPTY_QUERY)
    return ParsedQuery(tuple(dict.fromkeys(joined)), tuple(dict.fromkeys(without)))


def join_single_syllables(words: list[QueryTerm]) -> Iterator[QueryTerm]:
    """The words, each syllable that stands alone joined to the next word, the last to the one before."""
    held: QueryTerm | None = None
    for at, word in enumerate(words):
        current = join_terms(held, word) if held else word
        held = None
        alone = current.is_syllable or (at + 2 == len(words) and words[at + 1].is_syllable)
        if alone and at + 1 < len(words):
            held = current
        else:
            yield current


def join_terms(before: QueryTerm, after: QueryTerm) -> QueryTerm:
    first = as_word_start(after.units[0])
    return replace(after, units=(*before.units, first, *after.units[1:]))


def as_word_start(unit: Token) -> Token:
    return unit._replace(starts_word=True)
