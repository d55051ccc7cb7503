"""Votes cast and changed at once (polls/actions/casting.py)."""

from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from newsroom import clock
from polls.actions import cast_vote
from polls.actions.casting import known_polls
from polls.actions.voting import get_known_poll, get_poll_to_vote_in
from polls.api.voter_cookie import new_voter_id
from polls.errors import NoSuchPoll, PollNotOpen
from polls.models import Poll
from polls.voter_key import Voter
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def test_new_vote_and_a_change_are_counted_at_once(poll: Poll) -> None:
    """faults V2: on PostgreSQL in one statement after the poll, with the transaction."""
    voter = Voter(browser=new_voter_id())
    counts = []
    for side in ("pro", "con"):
        with CaptureQueriesContext(connection) as captured:
            vote = cast_vote(poll.pk, side=side, voter=voter)
        counts.append(len([q for q in captured.captured_queries if "POINT" not in q["sql"]]))
        assert (vote.side, vote.state, vote.is_new) == (side, "counted", side == "pro")
        assert {one["key"]: one["votes"] for one in vote.sides} == poll.kept_tally()
        assert poll.kept_tally() == poll.tally() == {"pro": 0, "con": 0} | {side: 1}
    assert counts == ([2, 2] if connection.vendor == "postgresql" else [4, 5])


def test_vote_in_a_story_that_is_not_shown_any_more_leaves_nothing(poll: Poll) -> None:
    """faults V2: what was read of the poll before may be out of date."""
    known = get_poll_to_vote_in(poll.pk)
    Article.objects.filter(poll=poll).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NoSuchPoll):
        cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()), poll=known)
    assert not poll.votes.exists()
    assert poll.kept_tally() == {"pro": 0, "con": 0}


def test_poll_read_half_a_second_ago_decides_on_no_vote(
    poll: Poll, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """faults V2: closed meanwhile, it takes no vote; afterwards it is read again."""
    settings.RESPONSE_CACHE_SECONDS = 0.5
    known = get_known_poll(poll.pk)
    try:
        assert get_known_poll(poll.pk) is known
        past = timezone.now() - timedelta(hours=1)
        Poll.objects.filter(pk=poll.pk).update(opens_at=past, closes_at=past + timedelta(minutes=5))
        with pytest.raises(PollNotOpen):
            cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()), poll=known)
        monkeypatch.setattr(clock, "monotonic", lambda: monotonic() + 0.6)
        assert get_known_poll(poll.pk) is not known
    finally:
        known_polls.polls.clear()
