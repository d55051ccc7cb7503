"""How near two stories are: by the words of their heads, their tags, their section and their days. Pure.

The same both ways and at any time, so that what was found once stays true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from articles.search.tokenizer import grams_of

WORDS, TAGS, SECTION = 4.0, 3.0, 1.0
FEWEST = 6  # grams, so that a headline of one word is not near to every story with it
HALF = timedelta(days=60)  # so far apart, two stories are half as near
SCALE = 1_000_000


@dataclass(frozen=True)
class Traits:
    """What nearness is judged by."""

    article: int
    section: int | None
    published_at: datetime
    tags: frozenset[int]
    words: frozenset[str]


def words_in(*lines: str) -> frozenset[str]:
    """The grams of a head that say something: longer than two letters, which half of all heads share."""
    found = frozenset[str]().union(*map(grams_of, lines))
    return frozenset(gram for gram in found if len(gram) > 2) or found


def nearness(one: Traits, other: Traits) -> int:
    """From 0, nothing in common, to 8,000,000."""
    shared = overlap(one.words, other.words, fewest=FEWEST) * WORDS
    shared += overlap(one.tags, other.tags) * TAGS
    shared += SECTION * (one.section is not None and one.section == other.section)
    apart = abs(one.published_at - other.published_at) / HALF
    return int(shared * 0.5**apart * SCALE)


def overlap(some: frozenset[object], others: frozenset[object], *, fewest: int = 1) -> float:
    """The share of the smaller set that stands in the larger."""
    return len(some & others) / max(fewest, min(len(some), len(others)))


def nearest(to: Traits, among: Iterable[Traits], *, most: int) -> list[tuple[int, int]]:
    """(number, score) of the nearest of these, the nearest first; of equals the newest."""
    scored = [
        (score, other.published_at, other.article)
        for other in among
        if other.article != to.article and (score := nearness(to, other))
    ]
    return [(number, score) for score, _at, number in sorted(scored, reverse=True)[:most]]
