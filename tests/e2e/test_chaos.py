"""Half a minute in which everything is killed, and nothing is lost, early or told twice over.

Longer: `python -m bench.chaos --minutes 10 --seed 7`. A failure prints its seed, the blows in their
order, and where the processes' logs are.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from outbox.signing import new_secret, signatures
from tests.chaos.editors import Told
from tests.chaos.endpoints import Answer
from tests.chaos.facts import Fact, Plan
from tests.chaos.faults import BLOWS, planned
from tests.chaos.readers import Seen
from tests.chaos.run import run
from tests.chaos.stories import FIRST, Story, invented, moment
from tests.chaos.verdict import allowed, heard_wrongly, judged
from tests.support.receivers import Got

SEED = 20261121
DUE = 1_800_000_000.0


@pytest.mark.postgres
@pytest.mark.redis
def test_through_kills_flushes_and_crashes_every_story_goes_out_once_and_on_time() -> None:
    """publishing 1, 2, 7-13, 38, 75; wire 5c: 2,000 stories over 30 s, and never one seen early."""
    report = run(seed=SEED, stories=2000, seconds=30)
    print(report)
    assert not report.wrong, str(report)


# -- That the judge can say no -------------------------------------------------------------------


def story(kind: str = "plain") -> Story:
    return Story("이야기", kind, DUE)


def fact() -> Fact:
    """A story that went out as planned."""
    kept = Fact(live=1, first_published=moment(DUE), withdrawn=False)
    kept.plans = [Plan(7, "done", moment(DUE), 1, FIRST)]
    kept.appearances, kept.events = [1], [("article.published", "a1")]
    kept.verbs[7] = ["scheduled", "published"]
    return kept


def seen(*, at: float = DUE + 0.5, status: int = 200) -> Seen:
    looked = Seen()
    looked.first, looked.status = {1: at}, status
    return looked


def said(verb: str, status: int) -> Told:
    return Told(verb, Answer(DUE - 0.2, DUE - 0.1, status))


def test_a_story_that_went_out_as_planned_is_fine() -> None:
    assert list(judged(story(), fact(), seen(), [])) == []


def twice_told(kept: Fact) -> None:
    kept.events.append(("article.updated", "a2"))


def twice_in_the_audit_log(kept: Fact) -> None:
    kept.verbs[7].append("published")


def without_event(kept: Fact) -> None:
    kept.events.clear()


def without_pointer(kept: Fact) -> None:
    kept.live = None


def still_waiting(kept: Fact) -> None:
    kept.plans[0] = Plan(7, "failed", moment(DUE), 1, FIRST)


def never_shown(kept: Fact) -> None:
    kept.appearances.clear()


def at_another_time(kept: Fact) -> None:
    kept.first_published = moment(DUE) + timedelta(seconds=1)


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
def test_what_is_kept_wrongly_is_said(broken: Callable[[Fact], None]) -> None:
    kept = fact()
    broken(kept)
    assert list(judged(story(), kept, seen(), []))


@pytest.mark.parametrize("looked", [seen(at=DUE - 0.01), seen(status=404), Seen()])
def test_what_is_seen_early_or_not_at_all_is_said(looked: Seen) -> None:
    assert list(judged(story(), fact(), looked, []))


@pytest.mark.parametrize(("status", "fine"), [(200, False), (409, True), (0, True), (500, True)])
def test_a_plan_that_was_surely_taken_back_may_not_go_out(status: int, fine: bool) -> None:
    """Where nobody answered, nobody knows, and both are fine."""
    complaints = list(judged(story("cancelled"), fact(), seen(), [said("unschedule", status)]))
    assert (complaints == []) == fine


def asked_again(*answers: tuple[int, float]) -> list[Told]:
    """An editor who took the plan back, and asked for others until somebody answered."""
    asked = [said("unschedule", 200)]
    for status, wish in answers:
        asked.append(said("schedule", status))
        asked[-1].wish = wish
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
    outcomes = allowed(story("later"), asked_again(*answers))
    expected = {tuple((DUE + seconds, 1) for seconds in times) for times in fine}
    assert set(outcomes) == expected


def ended() -> tuple[Story, Fact, Seen]:
    """A story that had an end, and came down."""
    told, kept, looked = story("ending"), fact(), seen(status=404)
    told.end, kept.expires = DUE + 9, moment(DUE + 9)
    kept.live, looked.last_asked = None, DUE + 9
    kept.events.append(("article.expired", "a2"))
    return told, kept, looked


def test_a_story_that_came_down_at_its_end_is_fine() -> None:
    assert list(judged(*ended(), [])) == []


def test_a_story_that_stays_longer_than_its_end_is_said() -> None:
    told, kept, looked = ended()
    looked.last_asked = DUE + 11
    assert list(judged(told, kept, looked, [])), "was read too long"
    told, kept, looked = ended()
    kept.live = 1
    assert list(judged(told, kept, looked, [])), "is live"
    told, kept, looked = ended()
    kept.events.pop()
    assert list(judged(told, kept, looked, [])), "nobody was told"


def test_a_story_may_miss_its_end_but_is_not_taken_back_before_it() -> None:
    told, kept, _looked = ended()
    kept.events.clear()
    kept.appearances.clear()
    kept.verbs.clear()
    kept.first_published = None
    missed = Seen()
    missed.status = 404
    for settled, fine in ((DUE + 9.1, True), (DUE + 8.9, False)):
        kept.plans = [Plan(7, "cancelled", moment(DUE), 1, FIRST, moment(settled))]
        assert (list(judged(told, kept, missed, [])) == []) == fine


def test_a_story_that_is_seen_before_its_embargo_ends_is_said() -> None:
    told, kept = story("embargoed"), fact()
    told.embargo = DUE + 3
    assert list(judged(told, kept, seen(), [])), "it went out at the time of the plan"
    kept.plans, kept.first_published = [Plan(7, "done", moment(DUE + 3), 1, FIRST)], moment(DUE + 3)
    assert list(judged(told, kept, seen(at=DUE + 3.5), [])) == []
    assert list(judged(told, kept, seen(at=DUE + 2.9), [])), "it was seen early"


def told_of(uid: str, secret: str, *, at: float = DUE + 1) -> Got:
    body = json.dumps({"type": "article.published"}).encode()
    signed = signatures(body, secrets=[secret], message_id=f"msg_{uid}", timestamp=1)
    headers = {
        "webhook-id": f"msg_{uid}",
        "webhook-timestamp": "1",
        "webhook-signature": signed,
    }
    return Got("POST", "/hook", headers, body, at=at)


def test_what_others_heard_wrongly_is_said() -> None:
    secret, kept = new_secret(), fact()
    kept.events = [("article.published", "a1"), ("article.updated", "a2")]
    first, second = told_of("a1", secret), told_of("a2", secret)

    def complaints(*got: Got) -> list[str]:
        return list(heard_wrongly({1: kept}, list(got), secret=secret, since=0.0))

    assert complaints(first, second) == []
    assert complaints(first, first, second, first) == []  # again is not wrong
    assert complaints(second, first), "out of order"
    assert complaints(first), "never told"
    assert complaints(first, second, told_of("b1", secret)), "never happened"
    assert complaints(first, told_of("a2", new_secret())), "not signed by us"
    assert complaints(told_of("a1", secret, at=DUE - 1), second), "before its time"
    kept.events[1], kept.expires = ("article.expired", "a2"), moment(DUE + 9)
    assert complaints(first, told_of("a2", secret, at=DUE + 8)), "its end before it came"


def test_a_seed_gives_the_same_day_again() -> None:
    assert planned(5, seconds=30) == planned(5, seconds=30) != planned(6, seconds=30)
    assert {blow for _at, blow in planned(5, seconds=30)} == set(BLOWS)
    assert invented(200, seconds=30, seed=5) == invented(200, seconds=30, seed=5)
