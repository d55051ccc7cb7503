"""How near two stories are: by the words of their heads, their tags, their section and their days. Pure.

The same both ways and at any time, so that what was found once stays true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from articles.search.tokenizer import extract_ngrams

HEADLINE_WEIGHT, TAGS_WEIGHT, SECTION_WEIGHT = 4.0, 3.0, 1.0
MIN_NGRAMS = 6  # grams, so that a headline of one word is not near to every story with it
SIMILARITY_HALF_LIFE = timedelta(days=60)  # so far apart, two stories are half as near
SCORE_SCALE = 1_000_000


@dataclass(frozen=True)
class ArticleFeatures:
    """What nearness is judged by."""

    article: int
    section: int | None
    published_at: datetime
    tags: frozenset[int]
    words: frozenset[str]


def significant_ngrams(*lines: str) -> frozenset[str]:
    """The grams of a head that say something: longer than two letters, which half of all heads share."""
    found = frozenset[str]().union(*map(extract_ngrams, lines))
    return frozenset(gram for gram in found if len(gram) > 2) or found


def similarity(one: ArticleFeatures, other: ArticleFeatures) -> int:
    """From 0, nothing in common, to 8,000,000."""
    shared = overlap_coefficient(one.words, other.words, fewest=MIN_NGRAMS) * HEADLINE_WEIGHT
    shared += overlap_coefficient(one.tags, other.tags) * TAGS_WEIGHT
    shared += SECTION_WEIGHT * (one.section is not None and one.section == other.section)
    apart = abs(one.published_at - other.published_at) / SIMILARITY_HALF_LIFE
    return int(shared * 0.5**apart * SCORE_SCALE)


def overlap_coefficient(
    some: frozenset[object], others: frozenset[object], *, fewest: int = 1
) -> float:
    """The share of the smaller set that stands in the larger."""
    return len(some & others) / max(fewest, min(len(some), len(others)))


def most_similar(
    to: ArticleFeatures, among: Iterable[ArticleFeatures], *, limit: int
) -> list[tuple[int, int]]:
    """(number, score) of the nearest of these, the nearest first; of equals the newest."""
    scored = [
        (score, other.published_at, other.article)
        for other in among
        if other.article != to.article and (score := similarity(to, other))
    ]
    return [(number, score) for score, _at, number in sorted(scored, reverse=True)[:limit]]
