"""Finding live articles by what they say: the best and newest first, as many as are asked for.

A story counts as newer the better it fits: with all words in its headline, as if it had been published
two half-lives later than it was; with all of them in headline, deck, summary, tags and authors, one.
Which is to say that a headline weighs four times as much as a body, and that half the weight is gone
every 30 days.  The order of two stories never changes with time, so that a cursor holds.

Grams find who may fit; the text itself says who does (Question.is_met_by), each asked of what is live.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import F

from articles.models import Author, SearchRow, Section, Tag
from articles.models.querysets import ArticleQuerySet
from articles.search.backends import (
    AllOf,
    AndNot,
    OneOf,
    TermExpression,
    find_sort_keys,
    is_postgres,
)
from articles.search.documents import ARTICLE_ID_BITS, build_documents, make_sort_key
from articles.search.query_parser import ParsedQuery
from articles.search.time_windows import TimeWindow, iter_time_windows
from articles.search.tokenizer import HEAD_PREFIX, HEADLINE_PREFIX, fold_text

RECENCY_HALF_LIFE = timedelta(days=30)
# How many half-lives later a story counts as published; 2 ** n is the weight.
HEADLINE_BOOST, HEAD_BOOST, NO_BOOST = 2, 1, 0
MAX_CANDIDATES_PER_PAGE = 1000  # candidates judged for one page; the next page goes on from there
FILTER_MODELS: dict[str, tuple[type[Section] | type[Tag] | type[Author], str]] = {
    "section": (Section, "_s"),
    "tag": (Tag, "_t"),
    "author": (Author, "_a"),
}


@dataclass
class SearchHits:
    """Articles that fit, in order; whether there are more, and after which rank."""

    rows: list[Any] = field(default_factory=list)
    more: bool = False
    last: int = 0


@dataclass(frozen=True)
class Search:
    """A question asked of these cards, which are live, as a reader has filtered them."""

    question: ParsedQuery
    cards: ArticleQuerySet
    wish: Mapping[str, Any]

    def hits(self, *, after_rank: int | None, backwards: bool, limit: int) -> SearchHits:
        """The next of those that fit, each with its `rank` and its `said` (its words in plain text)."""
        found, seen = SearchHits(), 0
        candidates = self.candidates(after_rank, backwards=backwards)
        while chunk := dict(islice(candidates, limit + 1)):
            seen += len(chunk)
            for row in self.verify_candidates(chunk):
                if len(found.rows) == limit:
                    found.more = True
                    return found
                found.rows.append(row)
                found.last = row.rank
            if seen >= MAX_CANDIDATES_PER_PAGE:
                found.more, found.last = True, list(chunk.values())[-1]
                return found
        return found

    def verify_candidates(self, ranks: Mapping[int, int]) -> list[Any]:
        """Those at these places that are live and fit to the letter, in the order of their ranks."""
        known: Any = self.cards.filter(searched__place__in=ranks).annotate(
            place=F("searched__place"), known=F("searched__edition_id"), said=F("searched__text")
        )
        rows = list(known)
        changed = [row for row in rows if row.known != row.live_id]
        now = {words.article: words.text for words in build_documents(changed)} if changed else {}
        for row in rows:
            row.rank = ranks[row.place]
            row.said = now.get(row.pk, row.said)
        fitting = (row for row in rows if self.question.matches(fold_text(row.said)))
        order = {place: n for n, place in enumerate(ranks)}
        return sorted(fitting, key=lambda row: order[row.place])

    def candidates(self, after_rank: int | None, *, backwards: bool) -> Iterator[tuple[int, int]]:
        """Places and ranks of those that may fit, in the order asked for."""
        if (keys := filter_terms(self.wish)) is None or (ends := self.ends()) is None:
            return iter(())
        streams = [
            iter_candidates(
                what, counts << ARTICLE_ID_BITS, ends=ends, beyond=after_rank, upwards=backwards
            )
            for what, counts in boost_tiers(self.question, keys)
        ]
        merged = heapq.merge(*streams, key=lambda hit: hit[1] if backwards else -hit[1])
        return ((place, rank) for place, rank in merged if place is not None)

    def ends(self) -> tuple[int, int] | None:
        """The places between which all lie that the reader's dates allow; None where none does."""
        # One by one, since SQLite reads the end of an index for one but the whole of it for both.
        places = SearchRow.objects.values_list("place", flat=True)
        first, last = (places.order_by(name).first() for name in ("place", "-place"))
        if first is None or last is None:
            return None
        above, below = first - 1, last + 1
        if after := self.wish.get("published_after"):
            above = max(above, make_sort_key(after) - 1)
        if before := self.wish.get("published_before"):
            below = min(below, make_sort_key(before) + (1 << ARTICLE_ID_BITS))
        return (above, below) if below - above > 1 else None


def filter_terms(wish: Mapping[str, Any]) -> list[str] | None:
    """The keys of the section, tag and author that a reader has wished; None where one is not there."""
    keys = []
    for name, (model, mark) in FILTER_MODELS.items():
        if slug := wish.get(name):
            pk = model.objects.filter(slug=slug).values_list("pk", flat=True).first()
            if pk is None:
                return None
            keys.append(f"{mark}{pk}")
    return keys


def boost_tiers(question: ParsedQuery, keys: list[str]) -> Iterator[tuple[TermExpression, int]]:
    """What to look for, each story in the best tier it fits, with what it counts."""
    grams = list(dict.fromkeys(gram for word in question.words for gram in word.grams))
    without: list[TermExpression] = [AllOf(tuple(word.grams)) for word in question.without]
    unit = int(RECENCY_HALF_LIFE.total_seconds() * 100)
    better: list[TermExpression] = []
    for mark, counts in (
        (HEADLINE_PREFIX, HEADLINE_BOOST),
        (HEAD_PREFIX, HEAD_BOOST),
        ("", NO_BOOST),
    ):
        fits = tuple(mark + gram for gram in grams)
        there, never = AllOf((*fits, *keys)), tuple(without + better)
        yield (AndNot(there, never) if never else there), counts * unit
        better = [AllOf(fits)]  # what is in the headline is in the head as well


def iter_candidates(
    what: TermExpression, bonus: int, *, ends: tuple[int, int], beyond: int | None, upwards: bool
) -> Iterator[tuple[int | None, int]]:
    """Places and ranks of what fits an expression, from a rank on; asked for as they are taken.

    After each stretch of time a rank without a place, which nothing further on can pass: so that for a
    page of fresh hits nobody looks for a word in the headlines of ten years.
    """
    above, below = ends
    if beyond is not None and upwards:
        above = max(above, beyond - bonus)
    elif beyond is not None:
        below = min(below, beyond - bonus)
    if below - above <= 1:
        return
    for window in (
        iter_time_windows(above, below, ascending=upwards)
        if is_postgres()
        else [TimeWindow(above, below, ())]
    ):
        for place in scan_window(window, what, upwards=upwards):
            yield place, place + bonus
        yield None, (window.below if upwards else window.above) + bonus


def scan_window(window: TimeWindow, what: TermExpression, *, upwards: bool) -> Iterator[int]:
    """Places within one stretch of time, a growing number at a time."""
    within = AllOf((what, OneOf(window.keys))) if window.keys else what
    above, below, most = window.above, window.below, 30
    while True:
        places = find_sort_keys(within, above=above, below=below, ascending=upwards, limit=most)
        yield from places
        if len(places) < most:
            return
        above, below = (places[-1], below) if upwards else (above, places[-1])
        most *= 4
