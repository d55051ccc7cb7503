"""What a reader asks of search: words that all must be there, "phrases", and -words that must not. Pure.

Words are found inside others (정부 in 정부는, 은행 in 한국은행) and however their syllables are spaced;
one that the text spaces otherwise must begin where a word of the text begins.  Runs of letters and
digits are found whole.  A word of one syllable stands with its neighbour (새 정부 is asked as 새정부);
alone it is refused, since it would find nearly everything.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from articles.errors import Unsearchable
from articles.grams import BETWEEN, INSIDE, LETTER, Unit, folded, pieces, wanted

LONGEST = 100  # characters of a question
# “ and 「 and their like are what people type for quotes.
PART = re.compile(
    r"""(?P<no>(?<!\S)[-−])?(?:["“”「『](?P<phrase>[^"“”」』]*)["“”」』]?|(?P<word>[^\s"“”「『]+))"""
)
EMPTY = _("Type at least one word: two syllables of Hangul, a word of other letters, or a number.")
SYLLABLE = _("One syllable finds nearly everything. Type at least two.")
ONLY_NOT = _("Say what to look for; a word to leave out is not enough.")


@dataclass(frozen=True)
class Word:
    """A word or phrase, in units; `starts_word` of each says where the question has a space."""

    units: tuple[Unit, ...]
    is_phrase: bool = False

    @cached_property
    def grams(self) -> list[str]:
        return wanted(list(self.units))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """It in folded text: as one word, or otherwise spaced from the beginning of a word on."""
        close = spelled(self.units, loose=False)
        if not any(not unit.starts_word for unit in self.units[1:]):
            return re.compile(bounded(self.units, close))
        loose = spelled(self.units, loose=True)
        return re.compile(bounded(self.units, rf"(?:{close}|(?<!\w){loose})"))


def spelled(units: tuple[Unit, ...], *, loose: bool) -> str:
    """The units one after the other; with spaces between them where the question has some, or anywhere."""
    spelling = re.escape(units[0].text)
    for before, unit in itertools.pairwise(units):
        gap = rf"(?:{BETWEEN}|{INSIDE})" if loose or unit.starts_word else INSIDE
        both = before.is_run and unit.is_run and before.text.isdigit() == unit.text.isdigit()
        spelling += gap + ("" if both else "?") + re.escape(unit.text)
    return spelling


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
    if not all(word.grams for word in (*joined, *without)):
        raise Unsearchable(SYLLABLE)
    return Question(tuple(dict.fromkeys(joined)), tuple(dict.fromkeys(without)))


def stuck_together(words: list[Word]) -> Iterator[Word]:
    """The words, each syllable that stands alone joined to the next word, the last to the one before."""
    held: Word | None = None
    for at, word in enumerate(words):
        current = with_space(held, word) if held else word
        held = None
        alone = not current.grams or (at + 2 == len(words) and not words[at + 1].grams)
        if alone and at + 1 < len(words):
            held = current
        else:
            yield current


def with_space(before: Word, after: Word) -> Word:
    first = replace_start(after.units[0])
    return replace(after, units=(*before.units, first, *after.units[1:]))


def replace_start(unit: Unit) -> Unit:
    return unit._replace(starts_word=True)
