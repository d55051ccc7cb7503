"""Search ranking: live articles that match a query, best and newest first, one page at a time.

The rank of an article is its sort key (first publication) plus a boost for where it matches: two
half-lives if all terms are in the headline, one if all are in headline, deck, summary, tags and authors.
So a headline weighs four times as much as a body, and the weight halves every 30 days.  Ranks do not
depend on the time of the search, so that a cursor stays valid.

N-grams in the index give candidates; the text itself decides (ParsedQuery.matches), and every result is
read through `live()`.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import F

from articles.models import Author, Section, Tag
from articles.models.querysets import ArticleQuerySet
from articles.models.read_models import ArticleCard
from articles.search.backends import INDEX
from articles.search.documents import build_documents
from newsroom.search.expressions import AllOf, AndNot, TermExpression
from newsroom.search.query_parser import ParsedQuery
from newsroom.search.sort_keys import ROW_ID_BITS, make_sort_key
from newsroom.search.tokenizer import HEAD_PREFIX, HEADLINE_PREFIX, fold_text

RECENCY_HALF_LIFE = timedelta(days=30)
HALF_LIFE_UNITS = int(
    RECENCY_HALF_LIFE.total_seconds() * 100
)  # hundredths of a second, as sort keys
# Boosts in half-lives; 2 ** boost is the weight.
HEADLINE_BOOST, HEAD_BOOST, NO_BOOST = 2, 1, 0
MAX_CANDIDATES_PER_PAGE = 1000  # verified for one page; the next page continues after them
FILTER_MODELS: dict[str, tuple[type[Section] | type[Tag] | type[Author], str]] = {
    "section": (Section, "_s"),
    "tag": (Tag, "_t"),
    "author": (Author, "_a"),
}


@dataclass
class SearchHits:
    """A page of hits in order of rank.

    `has_more` tells whether to go on after `last_rank`, which is not always the rank of a hit.
    """

    rows: list[Any] = field(default_factory=list)
    has_more: bool = False
    last_rank: int = 0


@dataclass(frozen=True)
class Search:
    """A parsed query over a queryset of live cards that is filtered by the validated `params`."""

    query: ParsedQuery
    cards: ArticleQuerySet[ArticleCard]
    params: Mapping[str, Any]

    def hits(self, *, after_rank: int | None, backwards: bool, limit: int) -> SearchHits:
        """The next page of hits, each a card with its `rank` and its `indexed_text` (plain text)."""
        page, verified_count = SearchHits(), 0
        candidates = self.candidates(after_rank, backwards=backwards)
        while chunk := dict(islice(candidates, limit + 1)):
            verified_count += len(chunk)
            for row in self.verify_candidates(chunk):
                if len(page.rows) == limit:
                    page.has_more = True
                    return page
                page.rows.append(row)
                page.last_rank = row.rank
            if verified_count >= MAX_CANDIDATES_PER_PAGE:
                page.has_more, page.last_rank = True, list(chunk.values())[-1]
                return page
        return page

    def verify_candidates(self, ranks: Mapping[int, int]) -> list[Any]:
        """The cards with these sort keys that are live and whose text matches, in order of rank.

        Where the index has another edition than readers see, the text of the live edition decides.
        """
        cards: Any = self.cards.filter(search_row__sort_key__in=ranks).annotate(
            sort_key=F("search_row__sort_key"),
            indexed_edition_id=F("search_row__edition_id"),
            indexed_text=F("search_row__text"),
        )
        rows = list(cards)
        stale = [row for row in rows if row.indexed_edition_id != row.live_id]
        live_texts = {doc.article: doc.text for doc in build_documents(stale)} if stale else {}
        for row in rows:
            row.rank = ranks[row.sort_key]
            row.indexed_text = live_texts.get(row.pk, row.indexed_text)
        matching = (row for row in rows if self.query.matches(fold_text(row.indexed_text)))
        order = {sort_key: n for n, sort_key in enumerate(ranks)}
        return sorted(matching, key=lambda row: order[row.sort_key])

    def candidates(self, after_rank: int | None, *, backwards: bool) -> Iterator[tuple[int, int]]:
        """(sort key, rank) of the articles that may match, by descending rank, or ascending backwards."""
        if (filters := filter_terms(self.params)) is None:
            return iter(())
        if (bounds := self.sort_key_bounds()) is None:
            return iter(())
        streams = [
            iter_candidates(
                expression,
                boost << ROW_ID_BITS,
                bounds=bounds,
                after_rank=after_rank,
                ascending=backwards,
            )
            for expression, boost in boost_tiers(self.query, filters)
        ]
        merged = heapq.merge(*streams, key=lambda hit: hit[1] if backwards else -hit[1])
        return ((sort_key, rank) for sort_key, rank in merged if sort_key is not None)

    def sort_key_bounds(self) -> tuple[int, int] | None:
        """Exclusive bounds of the sort keys within `published_after` and `_before`; None if empty."""
        if (bounds := INDEX.bounds()) is None:
            return None
        above, below = bounds
        if after := self.params.get("published_after"):
            above = max(above, make_sort_key(after) - 1)
        if before := self.params.get("published_before"):
            below = min(below, make_sort_key(before) + (1 << ROW_ID_BITS))
        return (above, below) if below - above > 1 else None


def filter_terms(params: Mapping[str, Any]) -> list[str] | None:
    """Index terms of the filters by section, tag and author; None if one of them does not exist."""
    terms = []
    for name, (model, prefix) in FILTER_MODELS.items():
        if slug := params.get(name):
            pk = model.objects.filter(slug=slug).values_list("pk", flat=True).first()
            if pk is None:
                return None
            terms.append(f"{prefix}{pk}")
    return terms


def boost_tiers(query: ParsedQuery, filters: list[str]) -> Iterator[tuple[TermExpression, int]]:
    """(expression, boost in units of sort keys) of each tier. An article is in its best tier only."""
    ngrams = list(dict.fromkeys(ngram for term in query.terms for ngram in term.ngrams))
    excluded: tuple[TermExpression, ...] = query.excluded_ngrams
    better_tier: tuple[TermExpression, ...] = ()
    for prefix, boost in (
        (HEADLINE_PREFIX, HEADLINE_BOOST),
        (HEAD_PREFIX, HEAD_BOOST),
        ("", NO_BOOST),
    ):
        prefixed = tuple(prefix + ngram for ngram in ngrams)
        wanted, unwanted = AllOf((*prefixed, *filters)), (*excluded, *better_tier)
        yield (AndNot(wanted, unwanted) if unwanted else wanted), boost * HALF_LIFE_UNITS
        better_tier = (AllOf(prefixed),)  # what is in the headline is in the head as well


def iter_candidates(
    expression: TermExpression,
    boost: int,
    *,
    bounds: tuple[int, int],
    after_rank: int | None,
    ascending: bool,
) -> Iterator[tuple[int | None, int]]:
    """(sort key, rank) of the rows that match an expression, after a rank; read from the index lazily.

    After each time window yields (None, rank) with the last rank of that window, which no later candidate
    passes: so the merge of the tiers need not scan ten years for a headline to fill a page of fresh hits.
    """
    above, below = bounds
    if after_rank is not None and ascending:
        above = max(above, after_rank - boost)
    elif after_rank is not None:
        below = min(below, after_rank - boost)
    if below - above <= 1:
        return
    windows = INDEX.iter_windows(expression, above=above, below=below, ascending=ascending)
    for window, sort_keys in windows:
        for sort_key in sort_keys:
            yield sort_key, sort_key + boost
        yield None, (window.below if ascending else window.above) + boost
