"""Terms that a text is found by: hashes of its headline, of the headlines it names, and MinHash bands.

A band is the hash of two minima (MinHash, Broder 1997): two texts share one with a probability that grows
with the share of letter pairs they have in common: of headlines that share 60 % (Dice) 87 % are found by
the headline alone, 97 % by headline and first paragraph together; of strangers about one in a hundred.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property

from wire.matching.keys import NOT_LETTERS, letters_only, news_day, opening_of
from wire.models import Version
from wire.parsers.marks import has_column_mark
from wire.parsers.result import ParsedStory
from wire.parsers.yonhap.references import split_reference

LEAD_LETTERS, LEAD_CHARS = 120, 160
PREFIX_LETTERS = 6
SUBJECT_WORDS, STEM_LETTERS = 2, 2
# A pair of Hangul syllables is about a word; of Latin letters five are. One of the first Latin words is
# often a verb, which the next headline has in another form.
LATIN_STEM_LETTERS, MIN_LATIN_LETTERS, MIN_LATIN_SHARE = 5, 3, 0.8
LATIN_SUBJECT_WORDS = 3
HEADLINE_BANDS, LEAD_BANDS, ROWS_PER_BAND = 10, 8, 2
PRIME = (1 << 61) - 1
ELLIPSES = ("…", "...", "..")


@dataclass(frozen=True, slots=True)
class NamedStory:
    """A story that a correction or cancellation names; `is_cut`: only the beginning of its headline."""

    letters: str
    day: int | None
    is_cut: bool


@dataclass(frozen=True)
class TextFacts:
    """What matching knows of a text. `at` is the time of sending, else of arrival (`is_stamped`).

    `subjects` are the first words of the headline, who or what it is about; `words` are those of headline
    and lead. `headline_stems` and `lead_stems` are the stems of all words of a text in Latin letters, else
    empty.
    """

    headline: str
    subjects: tuple[str, ...]
    words: frozenset[str]
    lead: str
    opening: str
    at: datetime
    is_stamped: bool
    is_column: bool
    mark_order: int
    signal: str
    named: tuple[NamedStory, ...] = ()
    headline_stems: frozenset[str] = frozenset()
    lead_stems: frozenset[str] = frozenset()

    @property
    def is_cancellation(self) -> bool:
        return self.signal == Version.Signal.CANCELLATION

    @property
    def is_change(self) -> bool:
        """Whether it corrects or cancels another text."""
        return self.signal != Version.Signal.TEXT

    @property
    def day(self) -> str:
        """The news day it belongs to."""
        return news_day(self.at)

    @cached_property
    def headline_pairs(self) -> frozenset[str]:
        """What is compared: pairs of letters, or the stems of Latin words."""
        return self.headline_stems or letter_pairs(self.headline)

    @cached_property
    def lead_pairs(self) -> frozenset[str]:
        return self.lead_stems or letter_pairs(self.lead)

    def mentions(self, subject: str) -> bool:
        """Whether headline or lead have a subject: a word with its first letters, or it in a compound.

        The first letters within a word are no mention: 아니니시 is not 디아니시.
        """
        if self.headline_stems:
            return subject in self.headline_stems or subject in self.lead_stems
        stem = subject[:STEM_LETTERS]
        return any(word.startswith(stem) or subject in word for word in self.words)


@dataclass(frozen=True, slots=True)
class Terms:
    """Hashes of a text: of its headline, of the headlines that it names, and its bands."""

    own: frozenset[int]
    named: frozenset[int]
    bands: frozenset[int]


def facts_of_story(
    story: ParsedStory, *, signal: str, mark_order: int, arrived_at: datetime
) -> TextFacts:
    """The facts of a text that has just been parsed."""
    return TextFacts(
        headline=letters_only(story.headline) or story.headline,
        subjects=subjects_of(story.headline),
        words=words_of(story.headline, story.paragraphs),
        lead=letters_only(next(iter(story.paragraphs), ""))[:LEAD_LETTERS],
        opening=opening_of(story.paragraphs),
        at=story.sent_at or arrived_at,
        is_stamped=story.sent_at is not None,
        is_column=has_column_mark(story.marks),
        mark_order=mark_order,
        signal=signal,
        named=named_stories(story.references),
        **latin_stems_of(story.headline, story.paragraphs),
    )


def facts_of_version(version: Version) -> TextFacts:
    """The facts of a text that was filed."""
    return TextFacts(
        headline=letters_only(version.headline) or version.headline,
        subjects=subjects_of(version.headline),
        words=words_of(version.headline, version.paragraphs),
        lead=letters_only(next(iter(version.paragraphs), ""))[:LEAD_LETTERS],
        opening=opening_of(version.paragraphs),
        at=version.sent_at or version.arrived_at,
        is_stamped=version.sent_at is not None,
        is_column=has_column_mark(version.marks),
        mark_order=version.mark_order,
        signal=version.signal,
        named=named_stories(version.references),
        **latin_stems_of(version.headline, version.paragraphs),
    )


def subjects_of(headline: str) -> tuple[str, ...]:
    """The first words of a headline, their stems in Latin letters; numbers do not count."""
    if is_latin(headline):
        return tuple(latin_stems(headline)[:LATIN_SUBJECT_WORDS])
    words = (word for word in NOT_LETTERS.split(headline) if len(word) >= STEM_LETTERS)
    return tuple([word.casefold() for word in words if not word[0].isdigit()][:SUBJECT_WORDS])


def words_of(headline: str, paragraphs: Sequence[str]) -> frozenset[str]:
    """The words of the headline and of what is compared of the first paragraph."""
    lead = next(iter(paragraphs), "")[:LEAD_CHARS]
    return frozenset(word.casefold() for word in NOT_LETTERS.split(f"{headline} {lead}") if word)


def is_latin(text: str) -> bool:
    """Whether nearly all letters of a text are Latin."""
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and sum(map(str.isascii, letters)) >= MIN_LATIN_SHARE * len(letters)


def latin_stems(text: str) -> list[str]:
    """The stems of the words in order, short ones and numbers left out."""
    words = NOT_LETTERS.split(text.casefold())
    return [
        w[:LATIN_STEM_LETTERS] for w in words if len(w) >= MIN_LATIN_LETTERS and not w[0].isdigit()
    ]


def latin_stems_of(headline: str, paragraphs: Sequence[str]) -> dict[str, frozenset[str]]:
    """The stems of headline and lead, for a headline in Latin letters."""
    if not is_latin(headline):
        return {}
    lead = next(iter(paragraphs), "")[: LEAD_LETTERS * 2]
    return {
        "headline_stems": frozenset(latin_stems(headline)),
        "lead_stems": frozenset(latin_stems(lead)),
    }


def named_stories(references: Iterable[str]) -> tuple[NamedStory, ...]:
    """The references of a text, their headlines as letters; those without letters are left out."""
    split = [split_reference(reference) for reference in references]
    named = [
        NamedStory(letters_only(title), day, title.rstrip().endswith(ELLIPSES))
        for day, title in split
    ]
    return tuple(story for story in named if story.letters)


def terms_of(text: TextFacts) -> Terms:
    """The terms of a text. The bands of a cancellation are those of its headline: its text is a formula."""
    own = {term("t", text.headline), term("p", text.headline[:PREFIX_LETTERS])}
    named = {
        term("p", story.letters[:PREFIX_LETTERS]) if story.is_cut else term("t", story.letters)
        for story in text.named
    }
    bands = minhash_bands("h", text.headline_pairs, HEADLINE_BANDS)
    if not text.is_cancellation:
        bands |= minhash_bands("l", text.lead_pairs, LEAD_BANDS)
    return Terms(frozenset(own), frozenset(named), frozenset(bands))


def term(kind: str, letters: str) -> int:
    """A signed 64-bit hash, equal in every process."""
    raw = hashlib.blake2b(f"{kind}:{letters}".encode(), digest_size=8).digest()
    return int.from_bytes(raw, signed=True)


def letter_pairs(letters: str) -> frozenset[str]:
    """The pairs of neighbouring letters; the letter itself for one alone."""
    if len(letters) == 1:
        return frozenset(letters)
    return frozenset(letters[n : n + 2] for n in range(len(letters) - 1))


def minhash_bands(kind: str, pairs: frozenset[str], count: int) -> set[int]:
    """The bands of a set of letter pairs; none for an empty set."""
    if not pairs:
        return set()
    hashes = [term("g", pair) % PRIME for pair in pairs]
    minima = [min((a * h + b) % PRIME for h in hashes) for a, b in permutations(count)]
    return {
        term(f"{kind}{n}", str(minima[n * ROWS_PER_BAND : (n + 1) * ROWS_PER_BAND]))
        for n in range(count)
    }


@cache
def permutations(bands: int) -> tuple[tuple[int, int], ...]:
    """The coefficients of the hash functions; always the same."""
    return tuple(
        (term("a", str(n)) % (PRIME - 1) + 1, term("b", str(n)) % PRIME)
        for n in range(bands * ROWS_PER_BAND)
    )
