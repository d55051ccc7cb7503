"""Election blackout (공직선거법 §108 ①): no votes and no results on any surface, by the calendar."""

from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from newsroom.errors import NotAllowed
from outbox.models import Event
from polls.actions import cast_vote, set_election_day
from polls.api.voter_cookie import new_voter_id
from polls.errors import ElectionBeforePoll, ElectionBlackout
from polls.models import Poll
from polls.representation import next_change
from polls.voter_key import Voter
from tests.polls.voters import put_vote, reader, slug_of
from tests.support import make

pytestmark = pytest.mark.django_db
ELECTION_DAY = date(2030, 6, 12)
BEGINS, ENDS = (datetime.fromisoformat(f"2030-06-{t}+09:00") for t in ("06T00:00", "12T18:00"))


def travel(moment: datetime) -> Any:
    return mock.patch.object(timezone, "now", return_value=moment)


@pytest.fixture
def poll() -> Poll:
    data = make.poll_data(election_day=ELECTION_DAY)
    poll = make.live(poll=data).poll
    assert poll is not None
    cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))
    return poll


def surfaces(poll: Poll) -> dict[str, Any]:
    """What every surface says of the votes: a number, or None."""
    api, slug = APIClient(), slug_of(poll)
    own = api.get(f"/api/v1/polls/{poll.pk}/").json()
    page = api.get(f"/api/v1/articles/{slug}/").json()
    [card] = api.get("/api/v1/articles/").json()["results"]
    html = api.get(f"/articles/{slug}/").content.decode()
    embed = api.get(f"/polls/{poll.pk}/embed/").content.decode()
    hidden = '<div class="results" data-results aria-live="polite" hidden'
    return {
        "poll": own["total_votes"],
        "sides": own["sides"][0]["votes"],
        "share": own["sides"][0]["share"],
        "page": page["poll"]["total_votes"],
        "counts": page["counts"]["votes"],
        "card": card["counts"]["votes"],
        "html": None if hidden in html else 1,
        "embed": None if hidden in embed else 1,
    }


def test_blackout_begins_six_days_before_and_ends_with_the_voting(poll: Poll) -> None:
    """community B85."""
    assert (poll.blackout_from, poll.blackout_until) == (BEGINS, ENDS)


@pytest.mark.parametrize("results", list(Poll.Results))
def test_results_are_hidden_on_every_surface_in_a_blackout(poll: Poll, results: str) -> None:
    """community B85, B77."""
    Poll.objects.filter(pk=poll.pk).update(results=results)
    second = timedelta(seconds=1)
    for moment in (BEGINS, ENDS - second):
        with travel(moment):
            assert set(surfaces(poll).values()) == {None}
    if results == Poll.Results.ALWAYS:
        for moment in (BEGINS - second, ENDS):
            with travel(moment):
                shown = surfaces(poll)
                assert shown["card"] == shown["html"] == shown["poll"] == 1
    # also of a poll that has closed
    Poll.objects.filter(pk=poll.pk).update(closes_at=BEGINS - second)
    with travel(BEGINS):
        assert set(surfaces(poll).values()) == {None}


def test_voting_is_suspended_in_a_blackout_and_voters_are_shown_no_results(
    poll: Poll, chi: User
) -> None:
    """community B85."""
    client = reader(poll)
    put_vote(client, poll, "con")
    # by the clock of the database, in which nobody travels
    now = timezone.now()
    Poll.objects.filter(pk=poll.pk).update(
        blackout_from=now - timedelta(hours=1), blackout_until=now + timedelta(hours=1)
    )
    refused = put_vote(client, poll, "pro")
    assert (refused.status_code, refused.json()["code"]) == (409, "election_blackout")
    assert client.delete(f"/api/v1/polls/{poll.pk}/vote/").status_code == 409
    state = client.get("/api/v1/me/state/", {"articles": slug_of(poll)}).json()
    own = state["articles"][slug_of(poll)]
    assert (own["my_vote"], own["poll"]["total_votes"]) == ("con", None)
    assert APIClient().get(f"/api/v1/polls/{poll.pk}/").json()["state"] == "blackout"
    with pytest.raises(ElectionBlackout):
        cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk))
    assert poll.tally() == poll.kept_tally() == {"pro": 1, "con": 1}


def test_no_cached_answer_outlives_the_beginning_or_the_end_of_a_blackout(poll: Poll) -> None:
    """community B85."""
    hour = timedelta(hours=1)
    assert next_change(BEGINS - hour) == BEGINS
    assert next_change(BEGINS) == ENDS
    assert next_change(ENDS) is None


def test_a_poll_in_use_is_said_to_be_about_an_election(poll: Poll, ben: User, ada: User) -> None:
    """community B85, B94."""
    other = make.live(poll=make.poll_data()).poll
    assert other is not None
    with pytest.raises(NotAllowed):
        set_election_day(other, election_day=ELECTION_DAY, by=ada)
    set_election_day(other, election_day=ELECTION_DAY, by=ben)
    other.refresh_from_db()
    assert (other.blackout_from, other.blackout_until) == (BEGINS, ENDS)
    entry = Entry.objects.get(verb="election_day_set")
    assert entry.details == {"before": None, "after": "2030-06-12"}
    assert Event.objects.get(name="poll.changed").data["poll"] == other.pk
    with pytest.raises(ElectionBeforePoll):  # another year was meant
        set_election_day(other, election_day=date(2020, 6, 12), by=ben)
    other.refresh_from_db()
    assert other.election_day == ELECTION_DAY
    set_election_day(other, election_day=None, by=ben)
    other.refresh_from_db()
    assert other.blackout_from is other.blackout_until is None


def test_archive_and_desk_keep_the_day_of_the_election(poll: Poll, ben: User) -> None:
    draft = make.draft_of(make.live(poll=make.poll_data(election_day=ELECTION_DAY)))
    shown = make.DeskClient(ben).call("get", f"drafts/{draft.pk}/").json()
    assert shown["poll"]["election_day"] == ELECTION_DAY.isoformat()
