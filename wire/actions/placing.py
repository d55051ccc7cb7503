"""Place a text: find its story by identifier or by matching, join stories that it shows to be one, and ask
a person where it is not certain.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q

from accounts.models import User
from audit.actions import record_audit
from newsroom.db.expressions import IdArray, IntegerLiteral
from wire.actions.indexing import event_rows
from wire.actions.joining import carry_cancellation, join_stories, refresh_maybe_cancelled
from wire.actions.locking import lock_stories, lock_story_row
from wire.actions.settling import refresh_story
from wire.matching import (
    Relation,
    Relationship,
    TextFacts,
    facts_of_version,
    relate,
    story_key,
    terms_of,
)
from wire.matching.relation import LATE_CHANGE, NAMED_DAY
from wire.matching.terms import Terms
from wire.models import Delivery, MatchQuestion, MatchTerm, Story, Version
from wire.parsers.result import ParsedStory
from wire.story_updates import collecting_updates

NEWS_DAY = timedelta(hours=24)
MAX_COMPARED_TEXTS = 200
MAX_QUESTIONS = 5
MAX_PRUNED_TERMS = 10_000
COMPARED_FIELDS = (
    *("story_id", "headline", "marks", "paragraphs", "sent_at", "arrived_at", "mark_order"),
    *("signal", "references"),
)


@dataclass(frozen=True, slots=True)
class RelatedText:
    """A text of the source that may be of the same story."""

    version: Version
    found: Relationship
    distance: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """The story of a text, locked, and the texts about which a person is to be asked."""

    story: Story
    questions: Sequence[RelatedText]


def lock_identified_story(delivery: Delivery, parsed: ParsedStory) -> Story:
    """The story of the agency's identifier, created where it is new, locked until the transaction ends."""
    return lock_story_of_key(delivery, parsed, is_weak=False)


def lock_story_of_key(delivery: Delivery, parsed: ParsedStory, *, is_weak: bool) -> Story:
    """The story of the text's key, created where it is new, locked until the transaction ends.

    One that is erased while this transaction waits for its lock is created anew; for one that was joined
    with another it is that other one.
    """
    while True:
        story, is_made = Story.objects.get_or_create(
            source=delivery.source,
            key=story_key(parsed, source=delivery.source.slug),
            defaults={
                "news_at": parsed.sent_at or delivery.received_at,
                "identifier": parsed.identifier[:300],
                "weak_key": is_weak,
            },
        )
        if is_made:  # nobody else sees it before this transaction ends
            return story
        locked = lock_story_row(story.pk)
        while locked is not None and locked.merged_into_id is not None:
            locked = lock_story_row(locked.merged_into_id)
        if locked is not None:
            return locked


def place_text(
    delivery: Delivery,
    parsed: ParsedStory,
    text: TextFacts,
    *,
    former: Version | None,
    by: User | None,
) -> Place:
    """The story of a text without an identifier. The caller holds the lock on the source.

    1. Find texts of the source by their terms, and compare each with this one.
    2. Lock their stories by id.
    3. Join those that this text shows to be one, but for those that a person has marked as different;
       without any, the story of `former`, which an earlier parsing read instead of this text, or a new one.
    4. What remains uncertain is asked.
    """
    related = related_texts(delivery.source_id, text)
    ids = {one.version.story_id for one in related}
    stories = lock_stories(ids | ({former.story_id} if former else set()))
    related = [one for one in related if one.version.story_id in stories]
    same = [one for one in related if one.found.relation == Relation.SAME_STORY]
    joined = compatible_stories(same)
    if former and takes_place_of(former, stories.get(former.story_id), joined):
        joined.append(former.story_id)
    if joined:
        target, *others = (stories[story_id] for story_id in sorted(joined))
        if others:
            for other in others:
                carry_cancellation(target, other)
            join_stories(target, others, by=by)
    else:
        target = lock_story_of_key(delivery, parsed, is_weak=True)
    asked = [one for one in related if one.version.story_id not in {*joined, target.pk}]
    return Place(target, closest_of_each_story(asked))


def takes_place_of(former: Version, story: Story | None, joined: Collection[int]) -> bool:
    """Whether a text belongs to the story of what an earlier parsing read in its place: where it has found
    no other story, or nothing but its delivery is in that one.
    """
    if story is None or story.identifier or story.pk in joined:
        return False
    has_others = story.versions.exclude(delivery=former.delivery_id).exists()
    return not (joined and has_others) and not pairs_marked_different([story.pk, *joined])


def related_texts(source_id: int, text: TextFacts) -> list[RelatedText]:
    """The texts of the source that are not strangers to this one. One query."""
    chosen = closest_candidates(source_id, terms_of(text), text)
    candidates = Version.objects.filter(pk__in=chosen).only(*COMPARED_FIELDS)
    related = []
    for version in candidates:
        facts = facts_of_version(version)
        found = relate(text, facts)
        if found.relation != Relation.STRANGERS:
            related.append(RelatedText(version, found, abs(facts.at - text.at)))
    return related


def closest_candidates(source_id: int, terms: Terms, text: TextFacts) -> Any:
    """The ids of the texts to compare: those that share a headline or a name first, then those that share
    most bands. So no number of texts that are a little alike keeps out the story that is meant.
    """
    candidates = candidate_terms(source_id, terms, text).values("version_id")
    ranked = candidates.annotate(closest=Min("kind"), shared=Count("pk"))
    ordered = ranked.order_by("closest", "-shared", "-version_id")
    return ordered.values("version_id")[:MAX_COMPARED_TEXTS]


def candidate_terms(source_id: int, terms: Terms, text: TextFacts) -> Any:
    """The terms that texts share with this one, each kind within the time in which it counts."""

    def within(span: timedelta) -> Q:
        return Q(sent_at__gte=text.at - span, sent_at__lte=text.at + span)

    kind = MatchTerm.Kind
    shared = (
        Q(kind=kind.OWN, term__in=terms.own) & within(LATE_CHANGE)
        | Q(kind=kind.NAMED, term__in=terms.own) & within(NAMED_DAY)
        | Q(kind=kind.BAND, term__in=terms.bands) & within(NEWS_DAY)
    )
    if terms.named:
        shared |= Q(kind=kind.OWN, term__in=terms.named) & within(NAMED_DAY)
    every_term = terms.own | terms.named | terms.bands
    rows = MatchTerm.objects.filter(shared, source=source_id, term__in=every_term)
    return rows.filter(sent_at__gte=text.at - NAMED_DAY, sent_at__lte=text.at + NAMED_DAY)


def closeness(one: RelatedText) -> tuple[float, timedelta, int]:
    """Sort key: the most similar first, then the nearest in time, then the first that came."""
    return -one.found.similarity, one.distance, one.version.pk


def compatible_stories(same: Iterable[RelatedText]) -> list[int]:
    """Ids of the stories that a text joins, without those marked as different from a closer one."""
    ids = list(dict.fromkeys(one.version.story_id for one in sorted(same, key=closeness)))
    apart = pairs_marked_different(ids)
    compatible: list[int] = []
    for story_id in ids:
        if not any(frozenset((story_id, other)) in apart for other in compatible):
            compatible.append(story_id)
    return compatible


def pairs_marked_different(story_ids: Collection[int]) -> set[frozenset[int]]:
    """Pairs among these stories that a person marked as different; no query for fewer than two."""
    if len(story_ids) < 2:
        return set()
    return MatchQuestion.objects.pairs_marked_different(story_ids)


def closest_of_each_story(related: Iterable[RelatedText]) -> list[RelatedText]:
    """The closest text and the closest cancellation of every story, the closest first: whether a story may
    be cancelled does not depend on which text of the other one came first."""
    closest: dict[tuple[int, bool], RelatedText] = {}
    for one in sorted(related, key=closeness):
        closest.setdefault((one.version.story_id, one.version.is_cancellation()), one)
    return list(closest.values())


def ask_about(version: Version, place: Place, *, by: User | None) -> None:
    """Ask a person whether a version that was filed belongs to the stories that it may belong to.

    A story that a cancellation may mean is withheld until the answer, however many there are.
    """
    ids = [one.version.story_id for one in place.questions]
    apart = pairs_marked_different([place.story.pk, *ids])
    open_pairs = [
        one
        for one in place.questions
        if frozenset((place.story.pk, one.version.story_id)) not in apart
    ]
    cancelling = [
        one for one in open_pairs if version.is_cancellation() or one.version.is_cancellation()
    ]
    asked = cancelling + [one for one in open_pairs if one not in cancelling][:MAX_QUESTIONS]
    if not asked:
        return
    MatchQuestion.objects.bulk_create(
        MatchQuestion(version=version, other=one.version, similarity=one.found.similarity)
        for one in asked
    )
    record_audit(version.story, verb="match_asked", by=by, count=len(asked))
    if cancelling:
        others = lock_stories({one.version.story_id for one in cancelling})
        with collecting_updates():
            for story in (place.story, *others.values()):
                refresh_maybe_cancelled(story)
                refresh_story(story, by=by)


def index_text(version: Version, text: TextFacts, *, source_id: int) -> None:
    """Store the terms of a version that was filed."""
    terms = terms_of(text)
    kind = MatchTerm.Kind
    rows = [
        MatchTerm(version=version, source_id=source_id, kind=k, term=term, sent_at=text.at)
        for k, hashes in (
            (kind.OWN, terms.own),
            (kind.NAMED, terms.named),
            (kind.BAND, terms.bands),
        )
        for term in hashes
    ]
    MatchTerm.objects.bulk_create([*rows, *event_rows(version, source_id=source_id)])


def find_filed(source_id: int, digest: str) -> Version | None:
    """The version without an identifier that holds this text, wherever a person has put it."""
    return Version.objects.filter(
        content_hash=digest, story__source=source_id, story__identifier=""
    ).first()


def prune_terms(*, before: datetime) -> int:
    """Delete bands and terms of events of texts sent before this time, so many at a time; how many."""
    old = MatchTerm.objects.filter(
        kind__gte=IntegerLiteral(MatchTerm.Kind.BAND), sent_at__lt=before
    )
    ids = list(old.order_by("sent_at").values_list("pk", flat=True)[:MAX_PRUNED_TERMS])
    MatchTerm.objects.filter(pk__in_array=IdArray(ids)).delete()
    return len(ids)
