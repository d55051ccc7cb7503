"""Half a minute in which everything is killed, and nothing is lost, early or told twice over.

Longer: `python -m bench.chaos --minutes 10 --seed 7`. A failure prints its seed, the blows in their
order, and where the processes' logs are.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from outbox.signing import new_secret, signature_header
from tests.chaos.editors import EditorResponse
from tests.chaos.facts import ReleaseRecord, StoryRecord
from tests.chaos.faults import FAULTS, fault_schedule
from tests.chaos.http_client import TimedResponse
from tests.chaos.readers import StorySightings
from tests.chaos.run import run_chaos
from tests.chaos.stories import FIRST_HEADLINE, ChaosStory, datetime_at, generate_stories
from tests.chaos.violations import allowed_outcomes, story_violations, webhook_violations
from tests.support.receivers import ReceivedRequest

SEED = 20261121
DUE = 1_800_000_000.0


@pytest.mark.postgres
@pytest.mark.redis
def test_through_kills_flushes_and_crashes_every_story_goes_out_once_and_on_time() -> None:
    """publishing 1, 2, 7-13, 38, 75; wire 5c: 2,000 stories over 30 s, and never one seen early."""
    report = run_chaos(seed=SEED, stories=2000, seconds=30)
    print(report)
    assert not report.wrong, str(report)


# -- That the judge can say no -------------------------------------------------------------------


def story(kind: str = "plain") -> ChaosStory:
    return ChaosStory("이야기", kind, DUE)


def fact() -> StoryRecord:
    """A story that went out as planned."""
    kept = StoryRecord(live=1, first_published=datetime_at(DUE), withdrawn=False)
    kept.plans = [ReleaseRecord(7, "done", datetime_at(DUE), 1, FIRST_HEADLINE)]
    kept.appearances, kept.events = [1], [("article.published", "a1")]
    kept.verbs[7] = ["scheduled", "published"]
    return kept


def seen(*, at: float = DUE + 0.5, status: int = 200) -> StorySightings:
    looked = StorySightings()
    looked.first, looked.status = {1: at}, status
    return looked


def said(verb: str, status: int) -> EditorResponse:
    return EditorResponse(verb, TimedResponse(DUE - 0.2, DUE - 0.1, status))


def test_a_story_that_went_out_as_planned_is_fine() -> None:
    assert list(story_violations(story(), fact(), seen(), [])) == []


def twice_told(kept: StoryRecord) -> None:
    kept.events.append(("article.updated", "a2"))


def twice_in_the_audit_log(kept: StoryRecord) -> None:
    kept.verbs[7].append("published")


def without_event(kept: StoryRecord) -> None:
    kept.events.clear()


def without_pointer(kept: StoryRecord) -> None:
    kept.live = None


def still_waiting(kept: StoryRecord) -> None:
    kept.plans[0] = ReleaseRecord(7, "failed", datetime_at(DUE), 1, FIRST_HEADLINE)


def never_shown(kept: StoryRecord) -> None:
    kept.appearances.clear()


def at_another_time(kept: StoryRecord) -> None:
    kept.first_published = datetime_at(DUE) + timedelta(seconds=1)


@pytest.mark.parametrize(
    "broken",
    [
        twice_told,
        twice_in_the_audit_log,
        without_event,
        without_pointer,
        still_waiting,
        never_shown,
        at_another_time,
    ],
)
def test_what_is_kept_wrongly_is_said(broken: Callable[[StoryRecord], None]) -> None:
    kept = fact()
    broken(kept)
    assert list(story_violations(story(), kept, seen(), []))


@pytest.mark.parametrize("looked", [seen(at=DUE - 0.01), seen(status=404), StorySightings()])
def test_what_is_seen_early_or_not_at_all_is_said(looked: StorySightings) -> None:
    assert list(story_violations(story(), fact(), looked, []))


@pytest.mark.parametrize(("status", "fine"), [(200, False), (409, True), (0, True), (500, True)])
def test_a_plan_that_was_surely_taken_back_may_not_go_out(status: int, fine: bool) -> None:
    """Where nobody answered, nobody knows, and both are fine."""
    complaints = list(
        story_violations(story("cancelled"), fact(), seen(), [said("unschedule", status)])
    )
    assert (complaints == []) == fine


def asked_again(*answers: tuple[int, float]) -> list[EditorResponse]:
    """An editor who took the plan back, and asked for others until somebody answered."""
    asked = [said("unschedule", 200)]
    for status, wish in answers:
        asked.append(said("schedule", status))
        asked[-1].requested_due = wish
    return asked


@pytest.mark.parametrize(
    ("answers", "fine"),
    [
        ([(200, DUE + 2)], [(2,)]),
        ([(0, DUE + 1), (200, DUE + 2)], [(2,), (1, 2)]),
        ([(0, DUE + 1), (409, DUE + 2)], [(1,)]),
        ([(0, DUE + 1), (0, DUE + 2)], [(), (1,), (2,), (1, 2)]),
    ],
)
def test_what_nobody_answered_may_have_been_done(
    answers: list[tuple[int, float]], fine: list[tuple[int, ...]]
) -> None:
    """Also that it went out long before the next asking."""
    outcomes = allowed_outcomes(story("later"), asked_again(*answers))
    expected = {tuple((DUE + seconds, 1) for seconds in times) for times in fine}
    assert set(outcomes) == expected


def ended() -> tuple[ChaosStory, StoryRecord, StorySightings]:
    """A story that had an end, and came down."""
    told, kept, looked = story("ending"), fact(), seen(status=404)
    told.end, kept.expires = DUE + 9, datetime_at(DUE + 9)
    kept.live, looked.last_asked = None, DUE + 9
    kept.events.append(("article.expired", "a2"))
    return told, kept, looked


def test_a_story_that_came_down_at_its_end_is_fine() -> None:
    assert list(story_violations(*ended(), [])) == []


def test_a_story_that_stays_longer_than_its_end_is_said() -> None:
    told, kept, looked = ended()
    looked.last_asked = DUE + 11
    assert list(story_violations(told, kept, looked, [])), "was read too long"
    told, kept, looked = ended()
    kept.live = 1
    assert list(story_violations(told, kept, looked, [])), "is live"
    told, kept, looked = ended()
    kept.events.pop()
    assert list(story_violations(told, kept, looked, [])), "nobody was told"


def test_a_story_may_miss_its_end_but_is_not_taken_back_before_it() -> None:
    told, kept, _looked = ended()
    kept.events.clear()
    kept.appearances.clear()
    kept.verbs.clear()
    kept.first_published = None
    missed = StorySightings()
    missed.status = 404
    for settled, fine in ((DUE + 9.1, True), (DUE + 8.9, False)):
        kept.plans = [
            ReleaseRecord(7, "cancelled", datetime_at(DUE), 1, FIRST_HEADLINE, datetime_at(settled))
        ]
        assert (list(story_violations(told, kept, missed, [])) == []) == fine


def test_a_story_that_is_seen_before_its_embargo_ends_is_said() -> None:
    told, kept = story("embargoed"), fact()
    told.embargo = DUE + 3
    assert list(story_violations(told, kept, seen(), [])), "it went out at the time of the plan"
    kept.plans, kept.first_published = (
        [ReleaseRecord(7, "done", datetime_at(DUE + 3), 1, FIRST_HEADLINE)],
        datetime_at(DUE + 3),
    )
    assert list(story_violations(told, kept, seen(at=DUE + 3.5), [])) == []
    assert list(story_violations(told, kept, seen(at=DUE + 2.9), [])), "it was seen early"


def told_of(uid: str, secret: str, *, at: float = DUE + 1) -> ReceivedRequest:
    body = json.dumps({"type": "article.published"}).encode()
    signed = signature_header(body, secrets=[secret], message_id=f"msg_{uid}", timestamp=1)
    headers = {
        "webhook-id": f"msg_{uid}",
        "webhook-timestamp": "1",
        "webhook-signature": signed,
    }
    return ReceivedRequest("POST", "/hook", headers, body, at=at)


def test_what_others_heard_wrongly_is_said() -> None:
    secret, kept = new_secret(), fact()
    kept.events = [("article.published", "a1"), ("article.updated", "a2")]
    first, second = told_of("a1", secret), told_of("a2", secret)

    def complaints(*got: ReceivedRequest) -> list[str]:
        return list(webhook_violations({1: kept}, list(got), secret=secret, since=0.0))

    assert complaints(first, second) == []
    assert complaints(first, first, second, first) == []  # again is not wrong
    assert complaints(second, first), "out of order"
    assert complaints(first), "never told"
    assert complaints(first, second, told_of("b1", secret)), "never happened"
    assert complaints(first, told_of("a2", new_secret())), "not signed by us"
    assert complaints(told_of("a1", secret, at=DUE - 1), second), "before its time"
    kept.events[1], kept.expires = ("article.expired", "a2"), datetime_at(DUE + 9)
    assert complaints(first, told_of("a2", secret, at=DUE + 8)), "its end before it came"


def test_a_seed_gives_the_same_day_again() -> None:
    assert (
        fault_schedule(5, seconds=30)
        == fault_schedule(5, seconds=30)
        != fault_schedule(6, seconds=30)
    )
    assert {blow for _at, blow in fault_schedule(5, seconds=30)} == set(FAULTS)
    assert generate_stories(200, seconds=30, seed=5) == generate_stories(200, seconds=30, seed=5)
