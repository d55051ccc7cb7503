"""Search of the inbox: words of every version, and filters by what its agency says, by the index.

The index gives candidates, newest first; the texts decide. A story is shown once, at its newest
version with the words. Filters that change (state, question, embargo) are checked on the candidates.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from newsroom.db.expressions import IdArray
from newsroom.search.expressions import AllOf, AndNot, TermExpression
from newsroom.search.query_parser import ParsedQuery, parse_query
from newsroom.search.sort_keys import ROW_ID_BITS, make_sort_key
from newsroom.search.tokenizer import fold_text, tokenize
from newsroom.text.normalization import normalize_line
from wire.inbox_search.conditions import find_in_window, has_words, is_about, is_flash, is_from
from wire.inbox_search.index import INDEX
from wire.inbox_search.terms import (
    URGENT_TERM,
    place_term,
    source_term,
    subject_terms,
    version_lines,
)
from wire.models import IndexedVersion, Story

MAX_CANDIDATES_PER_PAGE = 5_000  # looked at for one page; the next page continues after them
MAX_SCANNED_AT_ONCE, MAX_READ_AT_ONCE = 2_000, 60  # candidates; of them texts
# Of a story that was sent within a time, earlier versions are found that are so much older.
EARLIER_VERSIONS = timedelta(days=3)
TEXT_FIELDS = ("headline", "deck", "paragraphs", "captions")


@dataclass
class InboxHits:
    """A page of story ids in their order.

    `has_more` tells whether to go on after `last_key`, which is not always the key of a hit.
    """

    keys: dict[int, int] = field(default_factory=dict)  # {story id: sort key}
    has_more: bool = False
    last_key: int = 0


@dataclass(frozen=True)
class InboxSearch:
    """A search over stories that other filters have narrowed down.

    `conditions` are what the filters ask of the current version, `terms` what its row in the index has.
    `since` and `until`: between these moments the stories were sent.
    """

    stories: QuerySet[Story]
    query: ParsedQuery | None = None
    terms: tuple[str, ...] = ()
    conditions: tuple[Q, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def hits(self, *, after_key: int | None, backwards: bool, limit: int) -> InboxHits:
        """The next page of stories, each with the sort key of its newest version that was found."""
        page, scanned, size = InboxHits(), 0, limit + 1
        candidates = self.candidates(after_key, backwards=backwards)
        while chunk := list(islice(candidates, size)):
            scanned += len(chunk)
            for sort_key, story_id in self.verify(chunk):
                if len(page.keys) == limit:
                    page.has_more = True
                    return page
                page.keys[story_id] = page.last_key = sort_key
            if scanned >= MAX_CANDIDATES_PER_PAGE:
                page.has_more, page.last_key = True, chunk[-1]
                return page
            size = min(size * 4, MAX_SCANNED_AT_ONCE)
        return page

    def candidates(self, after_key: int | None, *, backwards: bool) -> Iterator[int]:
        """Sort keys of the versions that may match, in the order of reading."""
        if (bounds := INDEX.bounds()) is None:
            return
        above, below = bounds
        if self.since:
            earlier = int(EARLIER_VERSIONS.total_seconds() * 100) << ROW_ID_BITS
            above = max(above, make_sort_key(self.since) - earlier - 1)
        if self.until:
            below = min(below, make_sort_key(self.until) + (1 << ROW_ID_BITS))
        if after_key is not None and backwards:
            above = max(above, after_key)
        elif after_key is not None:
            below = min(below, after_key)
        if below - above <= 1:
            return
        windows = INDEX.iter_windows(
            self.expression(), above=above, below=below, ascending=backwards
        )
        for _window, sort_keys in windows:
            yield from sort_keys

    def expression(self) -> TermExpression:
        """What a row of the index has to have."""
        query = self.query
        words = [ngram for term in query.terms for ngram in term.ngrams] if query else []
        wanted = AllOf(tuple(dict.fromkeys([*self.terms, *words])))
        excluded = [AllOf(tuple(term.ngrams)) for term in query.excluded] if query else []
        return AndNot(wanted, tuple(excluded)) if excluded else wanted

    def verify(self, sort_keys: Sequence[int]) -> Iterator[tuple[int, int]]:
        """(sort key, story id) of those of the candidates that are shown, in their order."""
        rows = IndexedVersion.objects.filter(sort_key__in_array=IdArray(sort_keys))
        found = {
            key: (version, story)
            for key, version, story in rows.values_list("sort_key", "pk", "version__story")
        }
        ids = IdArray({story for _version, story in found.values()})
        shown = self.stories.filter(*self.conditions, pk__in_array=ids).order_by()
        current = dict(shown.values_list("pk", "current"))
        passing = [
            (key, story)
            for key in sort_keys
            if key in found
            for version, story in [found[key]]
            # Filters are about the current version; words are looked for in every one.
            if story in current and (self.query or current[story] == version)
        ]
        if self.query is None:
            yield from passing
            return
        for start in range(0, len(passing), MAX_READ_AT_ONCE):
            part = passing[start : start + MAX_READ_AT_ONCE]
            newest = newest_matches({story for _key, story in part}, self.query)
            yield from ((key, story) for key, story in part if newest.get(story) == key)


def newest_matches(story_ids: set[int], query: ParsedQuery) -> dict[int, int]:
    """{story id: sort key of its newest version that matches}; one query."""
    rows: Any = (
        IndexedVersion.objects.filter(version__story__in_array=IdArray(story_ids))
        .select_related("version")
        .only("sort_key", "version__story", *(f"version__{name}" for name in TEXT_FIELDS))
    )
    by_story: dict[int, list[IndexedVersion]] = defaultdict(list)
    for row in rows:
        by_story[row.version.story_id].append(row)
    newest = {}
    for story_id, versions in by_story.items():
        for row in sorted(versions, key=lambda row: row.sort_key, reverse=True):
            if query.matches(fold_text("\n".join(version_lines(row.version)))):
                newest[story_id] = row.sort_key
                break
    return newest


def search_inbox(
    stories: QuerySet[Story],
    *,
    words: str = "",
    place: str = "",
    subject: str = "",
    is_urgent: bool = False,
    source_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> InboxSearch | QuerySet[Story]:
    """The search for what was typed; the stories themselves where nothing of it is in the index.

    Raises InvalidSearchQuery for words to leave out alone.
    """
    conditions, terms = [], []
    if is_urgent:
        conditions.append(is_flash())
        terms.append(URGENT_TERM)
    if place := normalize_line(place):
        conditions.append(is_from(place))
        terms.append(place_term(place))
    if subject := normalize_line(subject):
        conditions.append(is_about(subject))
        terms += subject_terms(subject)
    words = normalize_line(words)
    query = parse_query(words) if has_letters(words) else None
    if query and is_lone_syllable(query):  # the index has those that begin a word alone
        query = None
    if words and query is None:
        conditions += has_words(words)
    if query is None and not terms:
        return find_in_window(stories, *conditions) if conditions else stories
    if source_id is not None:
        terms.append(source_term(source_id))
    return InboxSearch(stories, query, tuple(terms), tuple(conditions), since=since, until=until)


def is_lone_syllable(query: ParsedQuery) -> bool:
    return not query.excluded and len(query.terms) == 1 and query.terms[0].is_syllable


def has_letters(text: str) -> bool:
    return next(tokenize(fold_text(text)), None) is not None
