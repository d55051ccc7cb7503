"""Secrecy of votes: keys from VOTE_SECRET, and the end of the link between votes and voters."""

import hashlib
import hmac
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from polls.actions import cast_vote, sides_voted_for, unlink_poll, unlink_votes, votes_by
from polls.api.voter_cookie import new_voter_id
from polls.errors import PollNotOpen
from polls.models import Poll, Vote
from polls.tasks import unlink_closed_polls
from polls.voter_key import Voter, poll_key
from tests.polls.voters import put_vote, reader
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def end(poll: Poll, *, days_ago: int) -> Poll:
    closed_at = timezone.now() - timedelta(days=days_ago)
    Poll.objects.filter(pk=poll.pk).update(
        opens_at=closed_at - timedelta(days=1), closes_at=closed_at
    )
    return Poll.objects.get(pk=poll.pk)


def stored_texts(poll: Poll) -> set[str]:
    """Every value of the poll and its votes that could be a key."""
    rows = [*Poll.objects.values_list(), *Vote.objects.values_list()]
    return {value for row in rows for value in row if isinstance(value, str)}


def test_no_key_in_the_database_ties_a_vote_to_an_account(
    poll: Poll, chi: User, settings: Any
) -> None:
    """community B86, faults V3."""
    cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk))
    texts = stored_texts(poll)
    for key in texts | {settings.SECRET_KEY}:
        for identity in (f"u:{chi.pk}", str(chi.pk), chi.email):
            digest = hmac.new(key.encode(), identity.encode(), hashlib.sha256).hexdigest()
            assert digest not in texts
    assert poll_key(poll.pk).digest(f"u:{chi.pk}") in texts
    settings.VOTE_SECRET = "another secret of polls, long enough"
    assert poll_key(poll.pk).digest(f"u:{chi.pk}") not in texts


def test_a_voter_has_another_key_in_every_poll(poll: Poll) -> None:
    """community B86."""
    keys = {Voter(account=1, browser="b").keys(poll_key(number)) for number in range(50)}
    assert len({key for pair in keys for key in pair}) == 100


def test_keys_of_votes_from_before_are_derived_anew_and_their_voters_stay_themselves(
    poll: Poll, chi: User
) -> None:
    """community B72, B86, faults V3: the migration knows no voter and loses none."""
    salt = "ab" * 32
    browser = new_voter_id()

    def former_key(identity: str) -> str:
        return hmac.new(bytes.fromhex(salt), identity.encode(), hashlib.sha256).hexdigest()

    cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk))
    cast_vote(poll.pk, side="con", voter=Voter(browser=browser))
    Poll.objects.filter(pk=poll.pk).update(legacy_salt=salt)
    by_account, by_browser = Vote.objects.order_by("pk")
    Vote.objects.filter(pk=by_account.pk).update(voter=former_key(f"u:{chi.pk}"))
    Vote.objects.filter(pk=by_browser.pk).update(voter=former_key(f"c:{browser}"))
    migration = import_module("polls.migrations.0005_keys_from_vote_secret")
    migration.wrap_keys(apps, None)
    assert former_key(f"u:{chi.pk}") not in stored_texts(poll)
    poll.refresh_from_db()
    assert sides_voted_for([poll], voter=Voter(account=chi.pk)) == {poll.pk: "pro"}
    assert sides_voted_for([poll], voter=Voter(browser=browser)) == {poll.pk: "con"}
    cast_vote(poll.pk, side="pro", voter=Voter(browser=browser))
    assert poll.kept_tally() == poll.tally() == {"pro": 2, "con": 0}


def test_voters_of_a_closed_poll_are_removed_after_its_grace_period(
    poll: Poll, chi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B86, faults V3."""
    monkeypatch.setattr("polls.actions.voters.VOTES_PER_UPDATE", 3)
    browsers = [new_voter_id() for _ in range(7)]
    for number, browser in enumerate(browsers):
        hold = "address" if number == 6 else ""
        cast_vote(
            poll.pk, side="pro" if number % 2 else "con", voter=Voter(browser=browser), hold=hold
        )
    cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk, browser=browsers[0]))
    before = poll.tally()
    times = dict(Vote.objects.values_list("pk", "cast_at"))
    keys = set(Vote.objects.values_list("voter", flat=True))
    assert end(poll, days_ago=6).unlinked_at is None
    assert unlink_closed_polls() == "0 polls unlinked"
    poll = end(poll, days_ago=8)
    assert unlink_closed_polls() == "1 polls unlinked"
    assert unlink_closed_polls() == "0 polls unlinked"
    after = set(Vote.objects.values_list("voter", flat=True))
    assert len(after) == len(keys)
    assert not after & keys
    assert set(Vote.objects.values_list("browser", flat=True)) == {""}
    assert all(vote.cast_at.minute == vote.cast_at.second == 0 for vote in Vote.objects.all())
    for vote in Vote.objects.all():
        hour = times[vote.pk].replace(minute=0, second=0, microsecond=0)
        assert vote.cast_at == hour  # not of another time zone
        assert timedelta() <= times[vote.pk] - vote.changed_at < timedelta(hours=2)
    assert poll.tally() == poll.kept_tally() == before
    assert votes_by(Voter(account=chi.pk)) == []
    assert Entry.objects.get(verb="unlinked").details["tally"] == before
    # Nobody votes twice in it, should it be opened again.
    Poll.objects.filter(pk=poll.pk).update(closes_at=None)
    with pytest.raises(PollNotOpen):
        cast_vote(poll.pk, side="pro", voter=Voter(account=chi.pk))


def test_voters_of_an_open_or_reopened_poll_are_not_removed(poll: Poll) -> None:
    cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))
    closed = end(poll, days_ago=9)
    Poll.objects.filter(pk=poll.pk).update(closes_at=None)
    key = Vote.objects.get().voter
    assert not unlink_poll(closed)
    assert Vote.objects.get().voter == key


def test_erasing_an_account_unlinks_its_votes_and_keeps_the_totals(poll: Poll, chi: User) -> None:
    """community B67, B86."""
    cast_vote(poll.pk, side="con", voter=Voter(account=chi.pk, browser=new_voter_id()))
    before = Vote.objects.get()
    assert unlink_votes(chi.pk) == 1
    after = Vote.objects.get()
    assert after.voter != before.voter
    assert after.browser == ""
    assert after.cast_at == before.cast_at.replace(minute=0, second=0, microsecond=0)
    assert poll.tally() == poll.kept_tally() == {"pro": 0, "con": 1}


def test_votes_of_an_account_are_found_by_the_index_of_their_polls(poll: Poll, chi: User) -> None:
    """faults V2: an export or a closed account does not read the votes of everybody."""
    cast_vote(poll.pk, side="con", voter=Voter(account=chi.pk))
    with CaptureQueriesContext(connection) as captured:
        [vote] = votes_by(Voter(account=chi.pk))
    assert vote.poll == poll
    [query] = [q["sql"] for q in captured.captured_queries if 'FROM "polls_vote"' in q["sql"]]
    assert '"polls_vote"."poll_id" IN' in query
    assert '"polls_vote"."voter" IN' in query


def test_vote_secret_is_not_the_secret_key(poll: Poll, settings: Any) -> None:
    client: APIClient = reader(poll)
    put_vote(client, poll)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "rotated, and long enough for every purpose of the tests"
    assert put_vote(client, poll, "con").json()["total_votes"] == 1
