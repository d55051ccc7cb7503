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
from tests.support.loopback.prepared_data import prepared_postgres_cluster
from tests.support.loopback.receivers import ReceivedRequest

SEED = 20261121
DUE = 1_800_000_000.0


@pytest.mark.postgres
@pytest.mark.redis
def test_through_kills_flushes_and_crashes_every_story_goes_out_once_and_on_time() -> None:
    """publishing 1, 2, 7-13, 38, 75; wire 5c: 2,000 stories over 30 s, and never one seen early."""
    report = run_chaos(seed=SEED, stories=2000, seconds=30, make_cluster=prepared_postgres_cluster)
    print(report)
    assert not report.wrong, str(report)


# -- That the judge can say no -------------------------------------------------------------------


def story(kind: str = "plain") -> ChaosStory:
    return ChaosStory("이야기", kind, DUE)


def fact() -> StoryRecord:
    """A story that went out as planned."""
    story_record = StoryRecord(live=1, first_published=datetime_at(DUE), withdrawn=False)
    story_record.plans = [ReleaseRecord(7, "done", datetime_at(DUE), 1, FIRST_HEADLINE)]
    story_record.appearances, story_record.events = [1], [("article.published", "a1")]
    story_record.verbs[7] = ["scheduled", "published"]
    return story_record


def sightings(*, at: float = DUE + 0.5, status: int = 200) -> StorySightings:
    looked = StorySightings()
    looked.first, looked.status = {1: at}, status
    return looked


def response(verb: str, status: int) -> EditorResponse:
    return EditorResponse(verb, TimedResponse(DUE - 0.2, DUE - 0.1, status))


def test_a_story_that_went_out_as_planned_is_fine() -> None:
    assert list(story_violations(story(), fact(), sightings(), [])) == []


def twice_told(story_record: StoryRecord) -> None:
    story_record.events.append(("article.updated", "a2"))


def twice_in_the_audit_log(story_record: StoryRecord) -> None:
    story_record.verbs[7].append("published")


def without_event(story_record: StoryRecord) -> None:
    story_record.events.clear()


def without_pointer(story_record: StoryRecord) -> None:
    story_record.live = None


def still_waiting(story_record: StoryRecord) -> None:
    story_record.plans[0] = ReleaseRecord(7, "failed", datetime_at(DUE), 1, FIRST_HEADLINE)


def never_shown(story_record: StoryRecord) -> None:
    story_record.appearances.clear()


def at_another_time(story_record: StoryRecord) -> None:
    story_record.first_published = datetime_at(DUE) + timedelta(seconds=1)


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
    story_record = fact()
    broken(story_record)
    assert list(story_violations(story(), story_record, sightings(), []))


@pytest.mark.parametrize(
    "looked", [sightings(at=DUE - 0.01), sightings(status=404), StorySightings()]
)
def test_what_is_seen_early_or_not_at_all_is_said(looked: StorySightings) -> None:
    assert list(story_violations(story(), fact(), looked, []))


@pytest.mark.parametrize(("status", "fine"), [(200, False), (409, True), (0, True), (500, True)])
def test_a_plan_that_was_surely_taken_back_may_not_go_out(status: int, fine: bool) -> None:
    """Where nobody answered, nobody knows, and both are fine."""
    complaints = list(
        story_violations(story("cancelled"), fact(), sightings(), [response("unschedule", status)])
    )
    assert (complaints == []) == fine


def asked_again(*answers: tuple[int, float]) -> list[EditorResponse]:
    """An editor who took the plan back, and asked for others until somebody answered."""
    asked = [response("unschedule", 200)]
    for status, requested_due in answers:
        asked.append(response("schedule", status))
        asked[-1].requested_due = requested_due
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
    responses, story_record, looked = story("ending"), fact(), sightings(status=404)
    responses.end, story_record.expires = DUE + 9, datetime_at(DUE + 9)
    story_record.live, looked.last_asked = None, DUE + 9
    story_record.events.append(("article.expired", "a2"))
    return responses, story_record, looked


def test_a_story_that_came_down_at_its_end_is_fine() -> None:
    assert list(story_violations(*ended(), [])) == []


def test_a_story_that_stays_longer_than_its_end_is_said() -> None:
    responses, story_record, looked = ended()
    looked.last_asked = DUE + 11
    assert list(story_violations(responses, story_record, looked, [])), "was read too long"
    responses, story_record, looked = ended()
    story_record.live = 1
    assert list(story_violations(responses, story_record, looked, [])), "is live"
    responses, story_record, looked = ended()
    story_record.events.pop()
    assert list(story_violations(responses, story_record, looked, [])), "nobody was told"


def test_a_story_may_miss_its_end_but_is_not_taken_back_before_it() -> None:
    responses, story_record, _looked = ended()
    story_record.events.clear()
    story_record.appearances.clear()
    story_record.verbs.clear()
    story_record.first_published = None
    missed = StorySightings()
    missed.status = 404
    for settled, fine in ((DUE + 9.1, True), (DUE + 8.9, False)):
        story_record.plans = [
            ReleaseRecord(7, "cancelled", datetime_at(DUE), 1, FIRST_HEADLINE, datetime_at(settled))
        ]
        assert (list(story_violations(responses, story_record, missed, [])) == []) == fine


def test_a_story_that_is_seen_before_its_embargo_ends_is_said() -> None:
    responses, story_record = story("embargoed"), fact()
    responses.embargo = DUE + 3
    assert list(story_violations(responses, story_record, sightings(), [])), (
        "it went out at the time of the plan"
    )
    story_record.plans, story_record.first_published = (
        [ReleaseRecord(7, "done", datetime_at(DUE + 3), 1, FIRST_HEADLINE)],
        datetime_at(DUE + 3),
    )
    assert list(story_violations(responses, story_record, sightings(at=DUE + 3.5), [])) == []
    assert list(story_violations(responses, story_record, sightings(at=DUE + 2.9), [])), (
        "it was seen early"
    )


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
    secret, story_record = new_secret(), fact()
    story_record.events = [("article.published", "a1"), ("article.updated", "a2")]
    first, second = told_of("a1", secret), told_of("a2", secret)

    def complaints(*got: ReceivedRequest) -> list[str]:
        return list(webhook_violations({1: story_record}, list(got), secret=secret, since=0.0))

    assert complaints(first, second) == []
    assert complaints(first, first, second, first) == []  # again is not wrong
    assert complaints(second, first), "out of order"
    assert complaints(first), "never told"
    assert complaints(first, second, told_of("b1", secret)), "never happened"
    assert complaints(first, told_of("a2", new_secret())), "not signed by us"
    assert complaints(told_of("a1", secret, at=DUE - 1), second), "before its time"
    story_record.events[1], story_record.expires = ("article.expired", "a2"), datetime_at(DUE + 9)
    assert complaints(first, told_of("a2", secret, at=DUE + 8)), "its end before it came"


def test_a_seed_gives_the_same_day_again() -> None:
    assert (
        fault_schedule(5, seconds=30)
        == fault_schedule(5, seconds=30)
        != fault_schedule(6, seconds=30)
    )
    assert {blow for _at, blow in fault_schedule(5, seconds=30)} == set(FAULTS)
    assert generate_stories(200, seconds=30, seed=5) == generate_stories(200, seconds=30, seed=5)
