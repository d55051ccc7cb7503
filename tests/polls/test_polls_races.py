"""Many vote at once: PostgreSQL decides, on real threads."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from polls.actions import cast_vote, close_poll, retract_vote
from polls.api.voter_cookie import new_voter_id
from polls.errors import AlreadyVoted, PollNotOpen
from polls.models import Poll, Vote
from polls.voter_key import Voter
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def tried(work: Any) -> str:
    """How it went: "counted", or the refusal's name. Whatever else is raised is a bug."""
    try:
        work()
    except (AlreadyVoted, PollNotOpen) as refusal:
        return type(refusal).__name__
    return "counted"


def test_fifty_mixed_clicks_of_one_browser_are_one_vote(poll: Poll) -> None:
    voter, sides = Voter(browser=new_voter_id()), ("pro", "con")
    went = make.race(
        50, lambda n: tried(lambda: cast_vote(poll.pk, side=sides[n % 2], voter=voter))
    )
    assert went == ["counted"] * 50
    assert Vote.objects.count() == 1
    assert sum(poll.tally().values()) == 1


def test_fifty_voters_at_once_are_fifty_votes(poll: Poll) -> None:
    went = make.race(
        50,
        lambda _n: tried(
            lambda: cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))
        ),
    )
    assert went == ["counted"] * 50
    assert poll.tally() == {"pro": 50, "con": 0}


def test_signed_in_and_out_at_the_same_moment_is_one_vote(poll: Poll, chi: User) -> None:
    for _round in range(40):  # two alone: a third click would mend what these two break
        Vote.objects.all().delete()
        browser = new_voter_id()
        voters = [Voter(browser=browser), Voter(account=chi.pk, browser=browser)]
        votes = [partial(cast_vote, poll.pk, side="pro", voter=voter) for voter in voters]
        went = make.race(2, partial(lambda votes, n: tried(votes[n]), votes))
        assert set(went) <= {"counted", "AlreadyVoted"}
        assert sum(poll.tally().values()) == 1


def test_signing_in_at_two_browsers_that_had_voted_is_one_vote(poll: Poll, chi: User) -> None:
    browsers = [new_voter_id() for _ in range(8)]
    for browser in browsers:
        cast_vote(poll.pk, side="con", voter=Voter(browser=browser))
    went = make.race(
        8,
        lambda n: tried(
            lambda: cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk, browser=browsers[n]))
        ),
    )
    assert went == ["counted"] * 8
    assert poll.tally() == {"pro": 1, "con": 0}


def test_voting_and_taking_back_at_once_leaves_one_vote_or_none(poll: Poll) -> None:
    voter = Voter(browser=new_voter_id())

    def click(number: int) -> str:
        if number % 2:
            return tried(lambda: retract_vote(poll.pk, voter=voter))
        return tried(lambda: cast_vote(poll.pk, side="pro", voter=voter))

    assert make.race(30, click) == ["counted"] * 30
    assert Vote.objects.count() <= 1


@pytest.mark.parametrize("round_", range(5))
def test_a_vote_that_races_with_the_end_is_refused_or_in_the_final_tally(
    poll: Poll, ben: User, round_: int
) -> None:
    def click(number: int) -> str:
        if number == 10:
            return tried(lambda: close_poll(poll, by=ben)) + " end"
        return tried(lambda: cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id())))

    went = Counter(make.race(24, click))
    final = Entry.objects.get(kind="polls.poll", verb="closed").details["tally"]
    assert went["counted end"] == 1
    assert went["counted"] == final["pro"] == poll.tally()["pro"]
    assert went["counted"] + went["NotOpen"] == 23
