"""Kept tallies of polls: what readers get, decisions on votes, reconciliation."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from newsroom.errors import NotAllowed
from outbox.models import Event
from polls.actions import (
    VoteClass,
    cast_vote,
    decide_votes,
    retract_vote,
    sides_voted_for,
    undo_decision,
    undo_last_decision,
)
from polls.api.voter_cookie import new_voter_id
from polls.errors import AlreadyUndone, NoDecisionReason, NothingToDecide
from polls.models import Poll, Tally, Vote, VoteDecision
from polls.reconciliation import drift, store_drift, stored_drift
from polls.tasks import check_tallies
from polls.voter_key import Voter
from tests.polls.voters import count_votes, slug_of
from tests.support import make
from tests.support.query_plans import plan_of

pytestmark = pytest.mark.django_db
ON_HOLD = VoteClass(state="held")
COUNTED = VoteClass(state="counted")


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def cast(poll: Poll, side: str = "pro", *, hold: str = "", number: int = 1) -> list[Voter]:
    voters = [Voter(browser=new_voter_id()) for _ in range(number)]
    for voter in voters:
        cast_vote(poll.pk, side=side, voter=voter, hold=hold)
    return voters


def test_tally_follows_every_change_of_a_vote(poll: Poll, ben: User) -> None:
    """community B72, B83."""
    [voter] = cast(poll, "pro")
    cast(poll, "con", number=2)
    assert poll.kept_tally() == {"pro": 1, "con": 2}
    cast_vote(poll.pk, side="con", voter=voter)
    cast_vote(poll.pk, side="con", voter=voter)
    assert poll.kept_tally() == {"pro": 0, "con": 3}
    retract_vote(poll.pk, voter=voter)
    retract_vote(poll.pk, voter=voter)
    assert poll.kept_tally() == poll.tally() == {"pro": 0, "con": 2}
    cast(poll, "pro", hold="address")
    assert poll.kept_tally() == {"pro": 0, "con": 2}
    decide_votes(poll, votes=ON_HOLD, to="counted", reason="사람이 확인", by=ben)
    with pytest.raises(NothingToDecide):
        decide_votes(poll, votes=ON_HOLD, to="counted", reason="사람이 확인", by=ben)
    assert poll.kept_tally() == poll.tally() == {"pro": 1, "con": 2}
    assert Entry.objects.filter(kind="polls.poll", verb="votes_released").count() == 1
    assert drift() == []


def test_all_readers_surfaces_show_the_kept_tally(poll: Poll, api: APIClient) -> None:
    """community B78."""
    cast(poll, "pro", number=2)
    cast(poll, "con")
    cast(poll, "con", hold="network")
    page = api.get(f"/api/v1/articles/{slug_of(poll)}/").json()
    [card] = api.get("/api/v1/articles/").json()["results"]
    assert page["poll"]["total_votes"] == count_votes(poll) == 3
    assert [side["votes"] for side in page["poll"]["sides"]] == [2, 1]
    assert page["counts"]["votes"] == card["counts"]["votes"] == 3


def test_decision_on_a_class_of_votes_is_counted_audited_and_undone(poll: Poll, ben: User) -> None:
    """community B83, B84."""
    cast(poll, "pro", number=3)
    cast(poll, "con", number=2, hold="address")
    cast(poll, "con", hold="network")
    decision = decide_votes(
        poll,
        votes=VoteClass(state="held", rule="address"),
        to="counted",
        reason="학교에서 함께 보았습니다.",
        by=ben,
    )
    assert poll.kept_tally() == poll.tally() == {"pro": 3, "con": 2}
    entry = Entry.objects.get(verb="votes_released")
    assert (entry.by, entry.details["count"], entry.details["code"]) == (ben.pk, 2, "address")
    assert entry.details["reason"] == "학교에서 함께 보았습니다."
    assert undo_decision(decision, by=ben) == 2
    assert poll.kept_tally() == poll.tally() == {"pro": 3, "con": 0}
    assert Vote.objects.on_hold().count() == 3
    with pytest.raises(AlreadyUndone):
        undo_decision(decision, by=ben)


def decide(poll: Poll, votes: VoteClass, to: str, by: User) -> VoteDecision:
    return decide_votes(poll, votes=votes, to=to, reason="사람이 확인", by=by)


def test_decisions_on_the_same_votes_are_undone_one_after_the_other(poll: Poll, ben: User) -> None:
    """community B83: no vote stays taken out for ever, and the log has what was changed."""
    cast(poll, "pro", number=3)
    first = decide(poll, COUNTED, "void", ben)
    cast(poll, "con", number=2)
    decide(poll, VoteClass(state="void"), "counted", ben)
    third = decide(poll, COUNTED, "void", ben)
    assert (third.count, poll.kept_tally()) == (5, {"pro": 0, "con": 0})
    counts = []
    for tally in ({"pro": 3, "con": 2}, {"pro": 0, "con": 2}, {"pro": 3, "con": 2}):
        counts.append(undo_last_decision(poll, by=ben))
        assert poll.kept_tally() == poll.tally() == tally
    assert counts == [5, 3, 3]
    entries = Entry.objects.filter(verb="votes_undone").order_by("pk")
    assert [entry.details["count"] for entry in entries] == counts
    assert not Vote.objects.exclude(decision=None).exists()
    with pytest.raises(NothingToDecide):
        undo_last_decision(poll, by=ben)
    first.refresh_from_db()
    assert first.undone_at is not None


def test_a_decision_undone_below_another_one_is_passed_over(poll: Poll, ben: User) -> None:
    """community B83."""
    cast(poll, "pro", number=3)
    first = decide(poll, COUNTED, "void", ben)
    second = decide(poll, VoteClass(state="void"), "counted", ben)
    assert undo_decision(first, by=ben) == 0
    assert undo_decision(second, by=ben) == 3
    assert poll.kept_tally() == poll.tally() == {"pro": 3, "con": 0}
    [entry, _later] = Entry.objects.filter(verb="votes_undone").order_by("pk")
    assert entry.details["count"] == 0


@pytest.mark.parametrize("rule", ["", "no_page", "address"])
def test_what_a_person_holds_its_voter_does_not_count(poll: Poll, ben: User, rule: str) -> None:
    """community B83, B84: neither by repeating it, nor with a proof, nor by taking it back first."""
    voters = cast(poll, "pro", hold=rule, number=3)
    if rule:
        decide(poll, ON_HOLD, "counted", ben)
    assert poll.kept_tally() == {"pro": 3, "con": 0}
    decision = decide(poll, COUNTED, "held", ben)
    for voter in voters:
        assert not cast_vote(poll.pk, side="pro", voter=voter, is_proven=True).is_challengeable
    retract_vote(poll.pk, voter=voters[0])
    retract_vote(poll.pk, voter=voters[1])
    assert sides_voted_for([poll], voter=voters[0]) == {}
    assert ON_HOLD.of(poll).count() == 1  # nobody counts what was taken back
    assert cast_vote(poll.pk, side="con", voter=voters[0], is_proven=True).state == "held"
    assert poll.kept_tally() == poll.tally() == {"pro": 0, "con": 0}
    assert undo_decision(decision, by=ben) == 2
    assert poll.kept_tally() == poll.tally() == {"pro": 1, "con": 1}
    assert cast_vote(poll.pk, side="pro", voter=voters[1]).state == "counted"
    assert poll.kept_tally() == poll.tally() == {"pro": 2, "con": 1}


def test_votes_of_a_window_of_time_are_voided(poll: Poll, ben: User) -> None:
    """community B83."""
    cast(poll, "pro", number=4)
    early = Vote.objects.order_by("pk")[0]
    Vote.objects.filter(pk=early.pk).update(cast_at=timezone.now() - timedelta(hours=2))
    this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    window = VoteClass(state="counted", since=this_hour)
    decision = decide_votes(poll, votes=window, to="void", reason="한꺼번에 들어온 표", by=ben)
    assert decision.count == 3
    assert poll.kept_tally() == {"pro": 1, "con": 0}
    undo_decision(decision, by=ben)
    assert poll.kept_tally() == poll.tally() == {"pro": 4, "con": 0}


def test_decisions_need_the_right_a_reason_and_votes(poll: Poll, ben: User, ada: User) -> None:
    """community B83."""
    cast(poll)
    with pytest.raises(NotAllowed):
        decide_votes(poll, votes=COUNTED, to="void", reason="싫어서", by=ada)
    with pytest.raises(NoDecisionReason):
        decide_votes(poll, votes=COUNTED, to="void", reason=" ", by=ben)
    with pytest.raises(NothingToDecide):
        decide_votes(poll, votes=ON_HOLD, to="void", reason="없는 표", by=ben)
    assert not VoteDecision.objects.exists()
    assert poll.kept_tally() == {"pro": 1, "con": 0}


def test_reconcile_repairs_a_wrong_tally_and_metrics_show_it_until_then(
    poll: Poll, api: APIClient
) -> None:
    """community B87, B49."""
    cast(poll, "pro", number=3)
    Tally.objects.filter(poll=poll).update(pro=9, con=1)
    assert check_tallies() == "7 votes of drift"
    assert stored_drift() == 7
    assert (
        "newsroom_poll_tally_drift 7.0"
        in api.get("/metrics", headers={"host": "localhost:8000"}).content.decode()
    )
    out = io.StringIO()
    call_command("reconcile", stdout=out)
    assert f"poll-{poll.pk}: pro kept 9, counted 3" in out.getvalue()
    assert poll.kept_tally() == {"pro": 3, "con": 0}
    assert stored_drift() == 0
    entry = Entry.objects.get(kind="polls.poll", verb="recounted")
    assert entry.details == {"before": {"pro": 9, "con": 1}, "after": {"pro": 3, "con": 0}}
    assert store_drift(since=timezone.now()) == 0


def test_every_correction_of_a_count_is_published_to_caches(poll: Poll, ben: User) -> None:
    """community B78."""

    def published() -> int:
        return Event.objects.filter(name="poll.changed", key=f"poll-{poll.pk}").count()

    cast(poll)
    decide(poll, COUNTED, "void", ben)
    with pytest.raises(NothingToDecide):
        decide(poll, COUNTED, "void", ben)
    assert published() == 1
    decide(poll, VoteClass(state="void"), "counted", ben)
    assert published() == 2
    Tally.objects.filter(poll=poll).update(pro=9)
    call_command("reconcile", stdout=io.StringIO())
    assert poll.kept_tally() == {"pro": 1, "con": 0}
    assert published() == 3


def test_new_vote_takes_as_many_queries_with_many_votes_as_with_none(poll: Poll) -> None:
    """faults V2."""

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            cast(poll)
        assert not [q for q in captured.captured_queries if "COUNT(" in q["sql"]]
        return len(captured)

    first = queries()
    cast(poll, number=20)
    assert queries() == first


def test_new_vote_reads_no_other_votes_of_its_poll(poll: Poll) -> None:
    """faults V2: neither database looks through a million votes to insert one."""
    add_votes(poll, 2000, browser="b")
    with CaptureQueriesContext(connection) as captured:
        cast(poll)
    statements = [sql for q in captured.captured_queries for sql in q["sql"].split(";")]
    [insert] = [sql for sql in statements if "INSERT INTO polls_vote" in sql]
    plan = plan_of(insert, analyzed=[Vote])
    assert "votes_of_a_browser" in plan, plan


def add_votes(poll: Poll, number: int, *, browser: str = "") -> None:
    """Insert rows of votes, a fifth of them counted; each from a `browser` of its own if that is given."""
    states = ["counted", *["void"] * 4]
    now = timezone.now()
    Vote.objects.bulk_create(
        Vote(
            poll=poll,
            side="pro",
            voter=str(n),
            browser=browser and f"{browser}{n}",
            state=states[n % 5],
            cast_at=now - timedelta(hours=n),
            changed_at=now,
        )
        for n in range(number)
    )


@pytest.mark.postgres
def test_truth_is_counted_from_one_index(poll: Poll) -> None:
    """faults V2: of the votes that count alone, where others are many."""
    add_votes(poll, 2000)
    sql, params = poll.votes.counted().order_by().values("side").query.sql_with_params()
    plan = plan_of(sql, params, analyzed=[Vote], bitmaps=False)
    assert "Index Only Scan using votes_by_state" in plan, plan
