"""Similarity of two articles, by headline and deck, tags, section and publication date. Pure.

Symmetric and independent of the time of the comparison, so that a stored score stays valid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsroom.search.tokenizer import extract_ngrams

HEADLINE_WEIGHT, TAGS_WEIGHT, SECTION_WEIGHT = 4.0, 3.0, 1.0
MIN_NGRAMS = 6  # so that a headline of one word is not similar to every one that contains it
SIMILARITY_HALF_LIFE = timedelta(days=60)  # articles so far apart in time are half as similar
SCORE_SCALE = 1_000_000
MIN_SIGNIFICANT_CHARS = 3  # half of all headlines share n-grams of two characters


@dataclass(frozen=True)
class ArticleFeatures:
    """What similarity is computed from. Ids are primary keys."""

    article: int
    section: int | None
    published_at: datetime
    tags: frozenset[int]
    ngrams: frozenset[str]


def significant_ngrams(*lines: str) -> frozenset[str]:
    """The n-grams of headline and deck of at least MIN_SIGNIFICANT_CHARS, or all if there are none."""
    ngrams = frozenset[str]().union(*map(extract_ngrams, lines))
    return frozenset(ngram for ngram in ngrams if len(ngram) >= MIN_SIGNIFICANT_CHARS) or ngrams


def similarity(one: ArticleFeatures, other: ArticleFeatures) -> int:
    """Similarity from 0 (nothing in common) to 8,000,000."""
    score = overlap_coefficient(one.ngrams, other.ngrams, min_size=MIN_NGRAMS) * HEADLINE_WEIGHT
    score += overlap_coefficient(one.tags, other.tags) * TAGS_WEIGHT
    score += SECTION_WEIGHT * (one.section is not None and one.section == other.section)
    half_lives = abs(one.published_at - other.published_at) / SIMILARITY_HALF_LIFE
    return int(score * 0.5**half_lives * SCORE_SCALE)


def overlap_coefficient(
    one: frozenset[object], other: frozenset[object], *, min_size: int = 1
) -> float:
    """Szymkiewicz–Simpson coefficient: the share of the smaller set (or min_size) that is in both."""
    return len(one & other) / max(min_size, min(len(one), len(other)))


def most_similar(
    features: ArticleFeatures, candidates: Iterable[ArticleFeatures], *, limit: int
) -> list[tuple[int, int]]:
    """(article id, score) of the most similar candidates with a score above 0; of equals the newest."""
    scored = [
        (score, candidate.published_at, candidate.article)
        for candidate in candidates
        if candidate.article != features.article and (score := similarity(features, candidate))
    ]
    return [(article, score) for score, _at, article in sorted(scored, reverse=True)[:limit]]
