"""Clusters: stories that seem to be about one event, of one agency or of several. Suggestions only.

Found by the terms of current versions (`MatchTerm`) within EVENT_WINDOW of each other, and compared by
`event_similarity`. Nothing is stored, nothing is joined. Five queries, for one story or for a page of them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.db.expressions import IdArray, IntegerLiteral
from wire.matching.events import (
    EVENT_SIMILARITY,
    EVENT_WINDOW,
    EventFacts,
    event_facts,
    event_similarity,
)
from wire.models import MatchQuestion, MatchTerm, Story
from wire.parsers.marks import PLAIN_ORDER, mark_number

MAX_FOUND_TERMS = 3_000  # rows of the index for a page, the newest
MAX_COMPARED = 8  # stories that are compared with one, those with the most terms in common


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A story that seems to be about the same event, and how alike the two are from 0 to 1.

    `can_be_joined`: a person decides where its texts belong, as they are of one source without identifiers.
    """

    story: Story
    similarity: float
    can_be_joined: bool

    @property
    def percent(self) -> int:
        return round(self.similarity * 100)

    @property
    def agency(self) -> str:
        return agency_of(self.story)


@dataclass(frozen=True)
class Cluster:
    """A story and those that seem to be about the same event, in the order of sending."""

    story: Story
    related: Sequence[RelatedStory] = field(default_factory=list)

    @property
    def stories(self) -> list[Story]:
        every = [self.story, *(one.story for one in self.related)]
        return sorted(every, key=lambda story: (story.news_at, story.pk))

    def without(self, story_ids: Collection[int]) -> "Cluster | None":
        """The cluster without these stories; None where no other is left."""
        related = [one for one in self.related if one.story.pk not in story_ids]
        return Cluster(self.story, related) if related else None

    def label(self) -> str:
        """`속보→종합 3건 · 2개 통신사`."""
        stories = self.stories
        marks = dict.fromkeys(filter(None, map(progress_mark, sorted(stories, key=progress))))
        steps = list(marks)
        span = "→".join(steps if len(steps) < 3 else (steps[0], steps[-1]))
        agencies = len({agency_of(story) for story in stories})
        parts = [" ".join(filter(None, [span, _("%(count)d reports") % {"count": len(stories)}]))]
        if agencies > 1:
            parts.append(_("%(count)d agencies") % {"count": agencies})
        return " · ".join(parts)


def progress(story: Story) -> tuple[int, datetime, int]:
    order = story.current.mark_order if story.current else PLAIN_ORDER
    return order, story.news_at, story.pk


def progress_mark(story: Story) -> str:
    """The mark that says how far the reports are (속보, 1보, 종합2보); empty where there is none."""
    marks = story.current.marks if story.current else []
    return next((mark for mark in marks if mark_number(mark) is not None), "")


def agency_of(story: Story) -> str:
    return (story.current.agency if story.current else "") or story.source.name


def attach_clusters(stories: Collection[Any]) -> None:
    """Set `cluster` of each story of a page; None where nothing seems to be about the same event."""
    clusters = find_clusters(stories)
    for story in stories:
        story.cluster = clusters.get(story.pk)


def cluster_of(story: Story) -> Cluster | None:
    return find_clusters([story]).get(story.pk)


def find_clusters(stories: Iterable[Story]) -> dict[int, Cluster]:
    """{story id: its cluster} of those of these stories that have one."""
    by_version = {story.current_id: story for story in stories if story.current_id}
    if not by_version:
        return {}
    candidates = find_candidates(by_version)
    texts = read_texts({*candidates, *(pk for found in candidates.values() for pk in found)})
    similar: dict[int, dict[int, float]] = defaultdict(dict)
    for version, found in candidates.items():
        for other in found:
            if version not in texts or other not in texts:
                continue
            similarity = event_similarity(texts[version], texts[other])
            if similarity >= EVENT_SIMILARITY:
                similar[version][other] = similarity
    others = read_stories({pk for found in similar.values() for pk in found})
    apart = MatchQuestion.objects.pairs_marked_different(
        {story.pk for story in (*by_version.values(), *others.values())}
    )
    clusters = {}
    for version, alike in similar.items():
        story = by_version[version]
        related = [
            RelatedStory(others[pk], similarity, can_be_joined=may_be_one(story, others[pk]))
            for pk, similarity in alike.items()
            if pk in others and frozenset((story.pk, others[pk].pk)) not in apart
        ]
        if related:
            related.sort(key=lambda one: (one.story.news_at, one.story.pk))
            clusters[story.pk] = Cluster(story, related)
    return clusters


def find_candidates(versions: Collection[int | None]) -> dict[int, list[int]]:
    """{version: versions with the most terms in common, within the window}. Two queries."""
    events = MatchTerm.objects.filter(kind=IntegerLiteral(MatchTerm.Kind.EVENT))
    own = events.filter(version__in_array=ids_and_none(pk for pk in versions if pk))
    terms: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for version, term, sent_at in own.values_list("version_id", "term", "sent_at"):
        terms[term].append((version, sent_at))
    moments = [at for found in terms.values() for _version, at in found] or [timezone.now()]
    rows = events.filter(
        term__in_array=ids_and_none(terms),
        sent_at__gte=min(moments) - EVENT_WINDOW,
        sent_at__lte=max(moments) + EVENT_WINDOW,
    )
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    # The sum keeps PostgreSQL on the index by term: along that by time it would read two days of terms.
    newest = rows.order_by((F("version_id") + 0).desc())
    found = newest.values_list("version_id", "term", "sent_at")[:MAX_FOUND_TERMS]
    for other, term, other_at in found:
        for version, sent_at in terms[term]:
            if other != version and abs(sent_at - other_at) <= EVENT_WINDOW:
                shared[version][other] += 1
    return {
        version: [other for other, _count in counted.most_common(MAX_COMPARED)]
        for version, counted in shared.items()
    }


def read_texts(versions: Collection[int]) -> dict[int, EventFacts]:
    """{version: its stems} of those that are the current version of a story. One query."""
    rows = Story.objects.filter(current__in_array=ids_and_none(versions)).values_list(
        "current", "current__headline", KeyTextTransform("0", "current__paragraphs")
    )
    return {pk: event_facts(headline, lead or "") for pk, headline, lead in rows}


def read_stories(versions: Collection[int]) -> dict[int, Story]:
    """{version: the story whose current version it is}. One query."""
    rows = (
        Story.objects.filter(current__in_array=ids_and_none(versions))
        .select_related("source", "current")
        .only(
            *("news_at", "status", "identifier", "source__name", "current__headline"),
            *("current__marks", "current__mark_order", "current__agency"),
        )
    )
    return {row.current_id: row for row in rows if row.current_id}


def ids_and_none(ids: Iterable[int]) -> IdArray:
    """These ids, and one that no row has: a page asks the same questions whatever it finds."""
    return IdArray((0, *ids))


def may_be_one(story: Story, other: Story) -> bool:
    """Whether two stories may be joined: texts of one source that its agency does not number."""
    return story.source_id == other.source_id and not (story.identifier or other.identifier)
