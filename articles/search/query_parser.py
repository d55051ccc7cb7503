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

from articles.errors import Unsearchable
from articles.search.tokenizer import (
    BETWEEN,
    INSIDE,
    LETTER,
    Unit,
    folded,
    pieces,
    wanted,
    without_hyphens,
)

LONGEST = 100  # characters of a question
# “ and 「 and their like are what people type for quotes.
PART = re.compile(
    r"""(?P<no>(?<!\S)[-−])?(?:["“”「『](?P<phrase>[^"“”」』]*)["“”」』]?|(?P<word>[^\s"“”「『]+))"""
)
WORD_START = r"(?<![^\W_])"
EMPTY = _("Type at least one word.")
ONLY_NOT = _("Say what to look for; a word to leave out is not enough.")


@dataclass(frozen=True)
class Word:
    """A word or phrase, in units; `starts_word` of each says where the question has a space."""

    units: tuple[Unit, ...]
    is_phrase: bool = False

    @cached_property
    def grams(self) -> list[str]:
        return wanted(without_hyphens(list(self.units)))

    @property
    def is_syllable(self) -> bool:
        return len(self.units) == 1 and not self.units[0].is_run

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """It in folded text: as one word, or otherwise spaced from the beginning of a word on."""
        if self.is_syllable:
            return re.compile(WORD_START + re.escape(self.units[0].text))
        close = spelled(self.units, loose=False)
        if not any(not unit.starts_word for unit in self.units[1:]):
            return re.compile(bounded(self.units, close))
        loose = spelled(self.units, loose=True)
        return re.compile(bounded(self.units, rf"(?:{close}|(?<!\w){loose})"))


def spelled(units: tuple[Unit, ...], *, loose: bool) -> str:
    """The units one after the other; with spaces between them where the question has some, or anywhere."""
    spelling = run_pattern(units[0])
    for before, unit in itertools.pairwise(units):
        both_letters = before.is_letters and unit.is_letters
        is_hyphenated = both_letters and not unit.starts_word
        spaced = loose or unit.starts_word or is_hyphenated
        gap = rf"(?:{BETWEEN}|{INSIDE})" if spaced else INSIDE
        both = before.is_run and unit.is_run and before.is_letters == unit.is_letters
        spelling += gap + ("" if both and not is_hyphenated else "?") + run_pattern(unit)
    return spelling


def run_pattern(unit: Unit) -> str:
    """A unit in a pattern; a run of letters with or without a hyphen anywhere (KPOP finds K-POP)."""
    if not unit.is_letters:
        return re.escape(unit.text)
    return f"{INSIDE}?".join(map(re.escape, unit.text))


def bounded(units: tuple[Unit, ...], spelling: str) -> str:
    """With nothing more of a run before it and after it."""
    return edge(units[0], "<!") + spelling + edge(units[-1], "!")


def edge(unit: Unit, look: str) -> str:
    if not unit.is_run:
        return ""
    return rf"(?{look}\d)" if unit.text.isdigit() else rf"(?{look}{LETTER})"


@dataclass(frozen=True)
class Question:
    """What must be there and what must not."""

    words: tuple[Word, ...]
    without: tuple[Word, ...] = ()

    def is_met_by(self, text: str) -> bool:
        """Whether this folded text answers it, to the letter."""
        return all(word.pattern.search(text) for word in self.words) and not any(
            word.pattern.search(text) for word in self.without
        )


def asked(text: str) -> Question:
    """The question in what was typed. Raises Unsearchable, in words, for one that cannot be asked."""
    words, without = list[Word](), list[Word]()
    for found in PART.finditer(folded(text)):
        is_phrase = found["phrase"] is not None
        pile = without if found["no"] else words
        for units in pieces(found["phrase"] if is_phrase else found["word"]):
            pile.append(Word(tuple(units), is_phrase))
    joined = list(stuck_together(words))
    if not joined:
        raise Unsearchable(ONLY_NOT if without else EMPTY)
    return Question(tuple(dict.fromkeys(joined)), tuple(dict.fromkeys(without)))


def stuck_together(words: list[Word]) -> Iterator[Word]:
    """The words, each syllable that stands alone joined to the next word, the last to the one before."""
    held: Word | None = None
    for at, word in enumerate(words):
        current = with_space(held, word) if held else word
        held = None
        alone = current.is_syllable or (at + 2 == len(words) and words[at + 1].is_syllable)
        if alone and at + 1 < len(words):
            held = current
        else:
            yield current


def with_space(before: Word, after: Word) -> Word:
    first = replace_start(after.units[0])
    return replace(after, units=(*before.units, first, *after.units[1:]))


def replace_start(unit: Unit) -> Unit:
    return unit._replace(starts_word=True)
