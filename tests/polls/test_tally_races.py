"""Kept tallies under concurrent votes and decisions, on PostgreSQL and real threads."""

import random
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from newsroom.errors import Refused
from polls.actions import (
    VoteClass,
    cast_vote,
    close_poll,
    decide_votes,
    retract_vote,
    undo_decision,
    unlink_poll,
    unlink_votes,
)
from polls.actions.locking import share_poll
from polls.api.voter_cookie import new_voter_id
from polls.models import Poll, Tally
from polls.reconciliation import TallyDrift, drift, recount
from polls.voter_key import Voter
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def run_refusable(call: partial[Any]) -> str:
    try:
        call()
    except Refused as refusal:
        return refusal.code
    return "done"


def test_tally_is_exact_under_every_change_at_once(poll: Poll, ben: User, chi: User) -> None:
    """community B72, B74, B78, B83, B87."""
    browsers = [new_voter_id() for _ in range(12)]
    for number, browser in enumerate(browsers):
        hold = "address" if number % 3 == 0 else ""
        cast_vote(poll.pk, side="pro", voter=Voter(browser=browser), hold=hold)

    def calls_of(chance: random.Random) -> list[partial[Any]]:
        voter = Voter(browser=chance.choice(browsers))
        side = chance.choice(["pro", "con"])
        on_hold, voided = VoteClass(state="held"), VoteClass(state="void")
        counted = VoteClass(state="counted", until=timezone.now() - timedelta(milliseconds=5))
        return [
            partial(cast_vote, poll.pk, side=side, voter=Voter(browser=new_voter_id())),
            partial(cast_vote, poll.pk, side=side, voter=voter, is_proven=chance.random() < 0.3),
            partial(
                cast_vote, poll.pk, side=side, voter=Voter(account=chi.pk, browser=voter.browser)
            ),
            partial(retract_vote, poll.pk, voter=voter),
            partial(decide_votes, poll, votes=counted, to="void", reason="시험", by=ben),
            partial(decide_votes, poll, votes=voided, to="counted", reason="시험", by=ben),
            partial(decide_votes, poll, votes=on_hold, to="counted", reason="시험", by=ben),
            partial(decide_votes, poll, votes=voided, to="held", reason="시험", by=ben),
            partial(unlink_votes, chi.pk),
        ]

    def click(number: int) -> list[str]:
        chance = random.Random(number)
        outcomes = []
        for _ in range(8):
            outcomes.append(run_refusable(chance.choice(calls_of(chance))))
            undoable = poll.decisions.filter(undone_at=None)[: chance.randrange(2)]
            outcomes += [run_refusable(partial(undo_decision, d, by=ben)) for d in undoable]
        if number == 0:
            outcomes.append(run_refusable(partial(close_poll, poll, by=ben)))
        return outcomes

    results = make.race(10, click)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert poll.kept_tally() == poll.tally()
    assert drift() == []
    assert Entry.objects.filter(kind="polls.poll", verb="closed").count() == 1


def test_votes_of_one_poll_do_not_wait_for_each_other(poll: Poll) -> None:
    """A voter who has not committed yet holds up neither another vote nor the reader."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid() % 16")
            [own_slot] = cursor.fetchone()
        cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))

        def vote(_number: int) -> int:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
                cursor.execute("SELECT pg_backend_pid() % 16")
                [slot] = cursor.fetchone()
            if slot == own_slot:  # by chance: that one would wait for the commit
                return 0
            cast_vote(poll.pk, side="con", voter=Voter(browser=new_voter_id()))
            return 1

        cast = make.race(6, vote)
        assert not [r for r in cast if isinstance(r, Exception)]
        assert poll.tally()["con"] == sum(n for n in cast if isinstance(n, int)) > 0
    assert drift() == []


def test_closing_waits_for_the_votes_on_their_way(poll: Poll, ben: User) -> None:
    """community B74."""
    for _round in range(5):
        Poll.objects.filter(pk=poll.pk).update(closes_at=None)
        calls: list[partial[Any]] = [
            partial(cast_vote, poll.pk, side="pro", voter=Voter(browser=new_voter_id()))
            for _ in range(11)
        ]
        calls.insert(5, partial(close_poll, poll, by=ben))
        outcomes = make.race(12, partial(lambda calls, n: run_refusable(calls[n]), calls))
        assert set(map(str, outcomes)) <= {"done", "poll_not_open"}
        final = Entry.objects.filter(verb="closed").latest("pk").details["tally"]
        assert final == poll.tally() == poll.kept_tally()


def test_recounting_while_votes_are_cast_leaves_the_tally_right(poll: Poll) -> None:
    """community B87."""
    cast_vote(poll.pk, side="con", voter=Voter(browser=new_voter_id()))
    Tally.objects.filter(poll=poll).update(con=40)
    wrong = TallyDrift(poll.pk, "", "con", 40, 1)

    def click(number: int) -> None:
        if number % 4 == 0:
            recount(wrong)
        else:
            cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))

    assert make.race(16, click) == [None] * 16
    assert poll.kept_tally() == poll.tally() == {"pro": 12, "con": 1}


def test_unlinking_twice_at_once_keeps_the_totals(poll: Poll) -> None:
    """community B86, faults V3."""
    for side in ("pro", "con", "con"):
        cast_vote(poll.pk, side=side, voter=Voter(browser=new_voter_id()))
    past = timezone.now() - timedelta(days=30)
    Poll.objects.filter(pk=poll.pk).update(opens_at=past, closes_at=past + timedelta(days=1))
    poll.refresh_from_db()
    results = make.race(4, lambda _n: unlink_poll(poll))
    assert sorted(map(str, results)) == ["False"] * 3 + ["True"]
    assert poll.kept_tally() == poll.tally() == {"pro": 1, "con": 2}


def test_a_lock_for_voting_is_shared(poll: Poll) -> None:
    with transaction.atomic():
        share_poll(poll.pk)

        def share(_number: int) -> bool:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                return share_poll(poll.pk) is not None

        assert make.race(3, share) == [True] * 3
