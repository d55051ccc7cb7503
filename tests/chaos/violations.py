"""Violations of publishing guarantees: expected outcomes against database, readers and webhooks."""

import json
from collections import Counter
from collections.abc import Iterator

from tests.chaos.editors import EditorResponse
from tests.chaos.facts import UNSETTLED_STATES, StoryRecord
from tests.chaos.readers import (
    EDITION_BY_HEADLINE,
    MAX_CACHE_AGE_SECONDS,
    ChaosReaders,
    StorySightings,
)
from tests.chaos.stories import INITIALLY_LIVE_KINDS, ChaosStory
from tests.support.loopback.receivers import ReceivedRequest
from tests.support.outbox import is_signed

Outcome = tuple[tuple[float | None, int], ...]  # (moment, words) of all that goes out; None: any
MAX_PUBLICATIONS = 3  # that one story goes out, of which the editor was not told
TIME_TOLERANCE_SECONDS = 0.001  # moments were written with milliseconds


def allowed_outcomes(story: ChaosStory, responses: list[EditorResponse]) -> list[Outcome]:
    """Outcomes that are allowed after these responses to the editors."""
    if story.kind in {"later", "earlier"}:
        return rescheduled_outcomes(story, responses)
    as_planned: Outcome = ((story.due, 1),)
    anew: Outcome = ((story.due, 2),)
    outcomes: dict[str, list[Outcome]] = {
        "updated": [anew],
        "withdrawn": [(), anew],
        "cancelled": [()],
        "swapped": [anew],
        "now": [((None, 2),), ((story.due, 1), (None, 2))],
        "embargoed": [((story.embargo, 1),)],
        # Only where nobody was at work for all of its time.
        "ending": [as_planned, ()],
    }
    planned_outcomes = outcomes.get(story.kind, [as_planned])
    last_responses = [each for each in responses if each.verb == VERB_OF_KIND.get(story.kind)]
    if not last_responses or last_responses[-1].is_accepted:
        return planned_outcomes
    return [as_planned] if last_responses[-1].is_known else [*planned_outcomes, as_planned]


VERB_OF_KIND = {"cancelled": "unschedule", "swapped": "swap", "now": "publish"}


def rescheduled_outcomes(story: ChaosStory, responses: list[EditorResponse]) -> list[Outcome]:
    """Outcomes of a rescheduled story: at the time accepted last, or at one without an answer after it;
    at the original one only where the release was not surely unscheduled."""
    outcomes: list[Outcome] = [((story.due, 1),)]
    for each in responses:
        if each.verb == "unschedule" and each.is_accepted:
            outcomes = [()]
        elif each.verb == "unschedule" and not each.is_known:
            outcomes = [*outcomes, ()]
        elif each.verb == "schedule" and each.is_accepted:
            outcomes = outcomes_after_schedule(outcomes, each)
        elif each.verb == "schedule" and not each.is_known:
            outcomes = list(dict.fromkeys([*outcomes, *outcomes_after_schedule(outcomes, each)]))
        elif each.verb == "schedule" and each.answer.status == 409 and () in outcomes:
            outcomes = [o for o in outcomes if o]  # planned already, by an asking nobody answered
    return outcomes


def outcomes_after_schedule(outcomes: list[Outcome], response: EditorResponse) -> list[Outcome]:
    """Outcomes after a further schedule request: the story was unscheduled, or what a request without
    an answer had scheduled was published by then."""
    return [
        (*before, (response.requested_due, 1))
        for before in outcomes
        if len(before) < MAX_PUBLICATIONS
    ]


def matches_outcome(outcome: Outcome, fact: StoryRecord, *, was_live: bool) -> bool:
    done = fact.done[1:] if was_live else fact.done
    return len(done) == len(outcome) and all(
        words == EDITION_BY_HEADLINE[plan.words]
        and (at is None or abs(plan.due.timestamp() - at) < TIME_TOLERANCE_SECONDS)
        for (at, words), plan in zip(outcome, done, strict=True)
    )


def story_violations(
    story: ChaosStory, fact: StoryRecord, sightings: StorySightings, responses: list[EditorResponse]
) -> Iterator[str]:
    """All violations of one story."""
    for complaint in (
        *record_violations(story, fact, responses),
        *expiry_violations(story, fact),
        *reader_violations(story, fact, sightings),
        *(withdrawal_violations(fact, sightings, responses) if story.kind == "withdrawn" else ()),
    ):
        yield f"{story.slug} ({story.kind}): {complaint}"


def record_violations(
    story: ChaosStory, fact: StoryRecord, responses: list[EditorResponse]
) -> Iterator[str]:
    """Violations in the database: publication, appearance, event, audit entry, live edition."""
    done = fact.done
    if any(plan.state in UNSETTLED_STATES for plan in fact.plans):
        yield f"still waits: {[(p.state, p.due) for p in fact.plans]}"
    outcomes = allowed_outcomes(story, responses)
    if not any(
        matches_outcome(each, fact, was_live=story.kind in INITIALLY_LIVE_KINDS)
        for each in outcomes
    ):
        went = [(p.due.timestamp(), p.words, p.state) for p in fact.plans]
        asked_for = [(t.verb, t.answer.status, t.requested_due) for t in responses]
        yield f"went out as {went}, allowed {outcomes} after {asked_for}, due {story.due}"
    if fact.appearances != [plan.edition for plan in done]:
        yield f"appeared as {fact.appearances}, went out as {[p.edition for p in done]}"
    names = ["article.published"][: len(done)] + ["article.updated"] * (len(done) - 1)
    names += ["article.withdrawn"] if fact.withdrawn else []
    names += ["article.expired"] if done and story.end else []
    if [name for name, _uid in fact.events] != names:
        yield f"events {[name for name, _ in fact.events]}, expected {names}"
    for plan in fact.plans:
        entries = fact.verbs[plan.pk].count("published")
        if entries != (plan.state == "done"):
            yield f"{entries} lines 'published' in the audit log of a plan that is {plan.state}"
    is_gone = fact.withdrawn or story.end is not None
    newest = done[-1].edition if done and not is_gone else None
    if fact.live != newest:
        yield f"edition {fact.live} is live, not {newest}"
    if done and fact.first_published != done[0].due:
        yield f"shows {fact.first_published} as its time, planned was {done[0].due}"


def expiry_violations(story: ChaosStory, fact: StoryRecord) -> Iterator[str]:
    """Violations of expiry: a release is cancelled for the story's expiry after that time, not before."""
    for plan in fact.plans:
        settled = plan.settled.timestamp() if plan.settled else 0.0
        if story.end and plan.state == "cancelled" and settled < story.end:
            yield f"was cancelled {story.end - settled:.3f} s before its end"


def reader_violations(
    story: ChaosStory, fact: StoryRecord, sightings: StorySightings
) -> Iterator[str]:
    """Violations that readers saw: before its time or after its expiry, never published, or a wrong
    final state."""
    for words, at in sightings.first.items():
        dues = [p.due.timestamp() for p in fact.done if EDITION_BY_HEADLINE[p.words] == words]
        if not dues:
            yield f"words {words} were seen and never went out"
        elif at < min(dues):
            yield f"words {words} were seen {min(dues) - at:.3f} s early"
    if story.end and sightings.last_asked > story.end + MAX_CACHE_AGE_SECONDS:
        yield f"was read {sightings.last_asked - story.end:.3f} s after its end"
    last = 410 if fact.withdrawn else 200 if fact.done and not story.end else 404
    if sightings.status != last:
        yield f"is {sightings.status} at the end, not {last}"
    if last == 200 and EDITION_BY_HEADLINE[fact.done[-1].words] not in sightings.first:
        yield "its last words were never seen"


def withdrawal_violations(
    fact: StoryRecord, sightings: StorySightings, responses: list[EditorResponse]
) -> Iterator[str]:
    for each in responses:
        if each.is_accepted and sightings.last_asked > each.answer.got + MAX_CACHE_AGE_SECONDS:
            yield f"was read {sightings.last_asked - each.answer.got:.3f} s after it was taken down"
        if each.is_accepted and not fact.withdrawn:
            yield "was taken down, and is not"


def all_violations(
    stories: list[ChaosStory],
    found: dict[int, StoryRecord],
    readers: ChaosReaders,
    responses: dict[str, list[EditorResponse]],
) -> list[str]:
    """All violations of the run, as sentences."""
    complaints = list(readers.wrong)
    for story in stories:
        sightings = readers.sightings[story.slug]
        complaints += story_violations(
            story, found[story.article], sightings, responses.get(story.slug, [])
        )
    if missing := {story.bundle for story in stories if story.bundle} - readers.whole:
        complaints.append(f"nobody saw all of {sorted(missing)} at once")
    return complaints


def webhook_violations(
    found: dict[int, StoryRecord], got: list[ReceivedRequest], *, secret: str, since: float
) -> Iterator[str]:
    """Violations of webhooks: unsigned, unknown, early, out of order, missing.

    `since` is what time.time() said when time.monotonic() was zero.
    """
    first = dict[str, ReceivedRequest]()
    for each in got:
        if not is_signed(each, secret):
            yield f"{each.headers['webhook-id']} is not signed"
        first.setdefault(each.headers["webhook-id"].removeprefix("msg_"), each)
    arrived = {uid: place for place, uid in enumerate(first)}
    known = {uid for fact in found.values() for _name, uid in fact.events}
    if strangers := first.keys() - known:
        yield f"{len(strangers)} were told that never were: {sorted(strangers)[:3]}"
    for pk, fact in found.items():
        places = [arrived.get(uid) for _name, uid in fact.events]
        if None in places:
            yield f"article {pk}: {places.count(None)} of {len(places)} events were never told"
        elif places != sorted(places, key=lambda place: place or 0):
            yield f"article {pk}: told in the order {places}"
        for what in early_events(fact, first, since=since):
            yield f"article {pk}: {what}"


def early_events(
    fact: StoryRecord, first: dict[str, ReceivedRequest], *, since: float
) -> Iterator[str]:
    """Events that were sent before their time: publication, expiry."""
    times = {uid: plan.due for plan, (_name, uid) in zip(fact.done, fact.events, strict=False)} | {
        uid: fact.expires for name, uid in fact.events if name == "article.expired"
    }
    names = {uid: name for name, uid in fact.events}
    for uid, time in times.items():
        heard = first.get(uid)
        if heard and time and heard.at + since < time.timestamp():
            yield f"{names[uid]} was told before its time"


def count_repeated(got: list[ReceivedRequest]) -> int:
    """Number of requests that repeat an event."""
    counts = Counter(each.headers["webhook-id"] for each in got)
    return sum(counts.values()) - len(counts)


def count_event_types(got: list[ReceivedRequest]) -> Counter[str]:
    return Counter(json.loads(each.body)["type"] for each in got)
