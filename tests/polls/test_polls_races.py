"""Concurrent votes, on PostgreSQL and real threads."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from newsroom.errors import NotAllowed
from pages.account_data import delete_account
from polls.actions import cast_vote, close_poll, retract_vote, sides_voted_for
from polls.api.voter_cookie import new_voter_id
from polls.errors import AlreadyVoted, PollNotOpen
from polls.models import Poll, Tally, Vote
from polls.voter_key import Voter
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def outcome_of(call: Any) -> str:
    """ "counted", or the class name of the refusal; any other exception is raised."""
    try:
        call()
    except (AlreadyVoted, PollNotOpen) as refusal:
        return type(refusal).__name__
    return "counted"


def test_fifty_concurrent_votes_of_one_browser_are_one_vote(poll: Poll) -> None:
    voter, sides = Voter(browser=new_voter_id()), ("pro", "con")
    outcomes = make.race(
        50, lambda n: outcome_of(lambda: cast_vote(poll.pk, side=sides[n % 2], voter=voter))
    )
    assert outcomes == ["counted"] * 50
    assert Vote.objects.count() == 1
    assert sum(poll.tally().values()) == 1


def test_fifty_concurrent_voters_are_fifty_votes(poll: Poll) -> None:
    outcomes = make.race(
        50,
        lambda _n: outcome_of(
            lambda: cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))
        ),
    )
    assert outcomes == ["counted"] * 50
    assert poll.tally() == {"pro": 50, "con": 0}


def test_concurrent_votes_with_and_without_account_in_one_browser_are_one_vote(
    poll: Poll, chi: User
) -> None:
    for _round in range(40):  # only two: a third vote would hide an error of these
        Vote.objects.all().delete()
        browser = new_voter_id()
        voters = [Voter(browser=browser), Voter(account=chi.pk, browser=browser)]
        votes = [partial(cast_vote, poll.pk, side="pro", voter=voter) for voter in voters]
        outcomes = make.race(2, partial(lambda votes, n: outcome_of(votes[n]), votes))
        assert set(outcomes) <= {"counted", "AlreadyVoted"}
        assert sum(poll.tally().values()) == 1


def test_one_account_in_eight_browsers_that_have_voted_is_one_vote(poll: Poll, chi: User) -> None:
    browsers = [new_voter_id() for _ in range(8)]
    for browser in browsers:
        cast_vote(poll.pk, side="con", voter=Voter(browser=browser))
    outcomes = make.race(
        8,
        lambda n: outcome_of(
            lambda: cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk, browser=browsers[n]))
        ),
    )
    assert outcomes == ["counted"] * 8
    assert poll.tally() == {"pro": 1, "con": 0}


def test_concurrent_voting_and_retracting_leaves_at_most_one_vote(poll: Poll) -> None:
    voter = Voter(browser=new_voter_id())

    def click(number: int) -> str:
        if number % 2:
            return outcome_of(lambda: retract_vote(poll.pk, voter=voter))
        return outcome_of(lambda: cast_vote(poll.pk, side="pro", voter=voter))

    assert make.race(30, click) == ["counted"] * 30
    assert Vote.objects.count() <= 1


def test_taking_a_vote_back_while_the_account_is_deleted_ends_both(poll: Poll) -> None:
    """community B67: neither request fails, and the vote is gone or nobody's."""
    for round_ in range(8):
        Vote.objects.all().delete()
        Tally.objects.all().delete()
        dave = make.reader(f"dave{round_}")
        cast_vote(poll.pk, side="pro", voter=Voter(account=dave.pk))

        def click(number: int, dave: User) -> str:
            if number == 0:
                delete_account(User.objects.get(pk=dave.pk))
                return "deleted"
            try:
                retract_vote(poll.pk, voter=Voter(account=dave.pk))
            except NotAllowed:
                return "closed"
            return "retracted"

        outcomes = make.race(2, partial(click, dave=dave))
        assert set(outcomes) in ({"deleted", "closed"}, {"deleted", "retracted"})
        assert Vote.objects.count() == ("closed" in outcomes)
        assert sides_voted_for([poll], voter=Voter(account=dave.pk)) == {}
        assert poll.tally() == poll.kept_tally()


@pytest.mark.parametrize("round_", range(5))
def test_vote_concurrent_with_closing_is_refused_or_in_the_final_tally(
    poll: Poll, ben: User, round_: int
) -> None:
    def click(number: int) -> str:
        if number == 10:
            return outcome_of(lambda: close_poll(poll, by=ben)) + " end"
        return outcome_of(
            lambda: cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))
        )

    outcomes = Counter(make.race(24, click))
    final = Entry.objects.get(kind="polls.poll", verb="closed").details["tally"]
    assert outcomes["counted end"] == 1
    assert outcomes["counted"] == final["pro"] == poll.tally()["pro"]
    assert outcomes["counted"] + outcomes["PollNotOpen"] == 23
