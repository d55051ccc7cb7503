"""Search query parser: terms that must all match, "phrases", and -terms that must not match. Pure.

A term matches inside other words (정부 in 정부는, 은행 in 한국은행) and however its syllables are spaced;
if the text spaces it otherwise, it must begin where a word of the text begins.  Runs of letters and digits
match as a whole, letters with or without a hyphen (KPOP, K-POP).  A term of one syllable is joined to its
neighbour (새 정부 is parsed as 새정부); alone it matches at the beginning of a word (쌀 in 쌀값, not in
햅쌀).
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from newsroom.errors import InvalidSearchQuery
from newsroom.search.tokenizer import (
    LETTER_PATTERN,
    MAX_TOKEN_CHARS,
    WORD_JOINER_PATTERN,
    WORD_SPACE_PATTERN,
    Token,
    fold_text,
    join_hyphenated_letters,
    query_ngrams,
    tokenize,
)

MAX_QUERY_CHARS = 100
# “ and 「 and the like are typed as quotation marks.
QUERY_PART_PATTERN = re.compile(
    r"""(?P<minus>(?<!\S)[-−])?"""
    r"""(?:["“”「『](?P<phrase>[^"“”」』]*)["“”」』]?|(?P<word>[^\s"“”「『]+))"""
)
WORD_START_PATTERN = r"(?<![^\W_])"
EMPTY_QUERY = _("Type at least one word.")
ONLY_EXCLUDED_TERMS = _("Say what to look for; a word to leave out is not enough.")


@dataclass(frozen=True)
class QueryTerm:
    """A word or phrase of a query; `starts_word` of a token tells where the query has a space."""

    tokens: tuple[Token, ...]
    is_phrase: bool = False

    @cached_property
    def ngrams(self) -> list[str]:
        return query_ngrams(join_hyphenated_letters(list(self.tokens)))

    @property
    def is_syllable(self) -> bool:
        return len(self.tokens) == 1 and not self.tokens[0].is_run

    @property
    def is_decided_by_index(self) -> bool:
        """Whether every text with its n-gram has the word: one or two syllables, or one number.

        Three n-grams may stand apart in a text; one of three syllables may begin inside a word, and one of
        letters may be of letters with a space between them.
        """
        numbers = [token.text for token in self.tokens if token.is_run]
        if numbers:
            return (
                len(self.tokens) == 1 and numbers[0].isdigit() and len(numbers[0]) < MAX_TOKEN_CHARS
            )
        return len(self.tokens) <= 2

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Pattern for folded text: spaced as in the query anywhere, or otherwise spaced at a word start."""
        if self.is_syllable:
            return re.compile(WORD_START_PATTERN + re.escape(self.tokens[0].text))
        close = term_pattern(self.tokens, any_spacing=False)
        if not any(not token.starts_word for token in self.tokens[1:]):
            return re.compile(with_boundaries(self.tokens, close))
        loose = term_pattern(self.tokens, any_spacing=True)
        return re.compile(with_boundaries(self.tokens, rf"(?:{close}|(?<!\w){loose})"))


def term_pattern(tokens: tuple[Token, ...], *, any_spacing: bool) -> str:
    """The tokens in sequence; spaces may be where the query has some, or between any two."""
    pattern = token_pattern(tokens[0])
    for before, token in itertools.pairwise(tokens):
        both_letters = before.is_letters and token.is_letters
        is_hyphenated = both_letters and not token.starts_word
        spaced = any_spacing or token.starts_word or is_hyphenated
        gap = rf"(?:{WORD_SPACE_PATTERN}|{WORD_JOINER_PATTERN})" if spaced else WORD_JOINER_PATTERN
        same_kind = before.is_run and token.is_run and before.is_letters == token.is_letters
        is_gap_required = same_kind and not is_hyphenated
        pattern += gap + ("" if is_gap_required else "?") + token_pattern(token)
    return pattern


def token_pattern(token: Token) -> str:
    """A token; a run of letters with or without a hyphen at any place (KPOP matches K-POP)."""
    if not token.is_letters:
        return re.escape(token.text)
    return f"{WORD_JOINER_PATTERN}?".join(map(re.escape, token.text))


def with_boundaries(tokens: tuple[Token, ...], pattern: str) -> str:
    """The pattern, with no letter or digit of the same run directly before or after it."""
    return boundary_pattern(tokens[0], "<!") + pattern + boundary_pattern(tokens[-1], "!")


def boundary_pattern(token: Token, look: str) -> str:
    if not token.is_run:
        return ""
    return rf"(?{look}\d)" if token.text.isdigit() else rf"(?{look}{LETTER_PATTERN})"


@dataclass(frozen=True)
class ParsedQuery:
    """A parsed search query: terms that must all match, and terms that must not."""

    terms: tuple[QueryTerm, ...]
    excluded: tuple[QueryTerm, ...] = ()

    @property
    def excluded_ngrams(self) -> tuple[str, ...]:
        """N-grams that no text that matches has. `matches` decides about the other words to leave out."""
        decided = (term for term in self.excluded if term.is_decided_by_index)
        return tuple(ngram for term in decided for ngram in term.ngrams)

    def matches(self, text: str) -> bool:
        """Whether folded text matches the query exactly."""
        return all(term.pattern.search(text) for term in self.terms) and not any(
            term.pattern.search(text) for term in self.excluded
        )


def parse_query(text: str) -> ParsedQuery:
    """Parse what a reader typed. Raises InvalidSearchQuery with a sentence for the reader."""
    terms, excluded = list[QueryTerm](), list[QueryTerm]()
    for part in QUERY_PART_PATTERN.finditer(fold_text(text)):
        is_phrase = part["phrase"] is not None
        target = excluded if part["minus"] else terms
        for tokens in tokenize(part["phrase"] if is_phrase else part["word"]):
            target.append(QueryTerm(tuple(tokens), is_phrase))
    joined = list(join_single_syllables(terms))
    if not joined:
        raise InvalidSearchQuery(ONLY_EXCLUDED_TERMS if excluded else EMPTY_QUERY)
    return ParsedQuery(tuple(dict.fromkeys(joined)), tuple(dict.fromkeys(excluded)))


def join_single_syllables(terms: list[QueryTerm]) -> Iterator[QueryTerm]:
    """The terms, each single syllable joined to the next term, a last one to the term before."""
    pending: QueryTerm | None = None
    for index, term in enumerate(terms):
        current = join_terms(pending, term) if pending else term
        pending = None
        is_next_last = index + 2 == len(terms) and terms[index + 1].is_syllable
        if (current.is_syllable or is_next_last) and index + 1 < len(terms):
            pending = current
        else:
            yield current


def join_terms(before: QueryTerm, after: QueryTerm) -> QueryTerm:
    """Both terms as one, with a space between them."""
    first = after.tokens[0]._replace(starts_word=True)
    return replace(after, tokens=(*before.tokens, first, *after.tokens[1:]))
