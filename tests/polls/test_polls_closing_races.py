"""The `poll.closed` event with concurrent workers, on PostgreSQL and real threads."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.actions import publish_poll_closed_events
from articles.models import Article
from audit.models import Entry
from desk.actions import withdraw
from outbox.models import Event
from polls.actions import cast_vote, close_poll, lock_poll
from polls.errors import PollNotOpen
from polls.models import Poll, Vote
from polls.voter_key import Voter
from tests.support import make
from tests.support.query_plans import plan_of_queryset

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def make_closed_polls(number: int) -> list[Poll]:
    """Polls of live articles that have closed a second ago."""
    polls = [make.live(poll=make.poll_data()).poll for _ in range(number)]
    closed_at = timezone.now() - timedelta(seconds=1)
    Poll.objects.update(opens_at=closed_at - timedelta(hours=1), closes_at=closed_at)
    return [Poll.objects.get(pk=poll.pk) for poll in polls if poll]


def test_poll_closed_events_are_published_once_by_six_concurrent_workers() -> None:
    polls = make_closed_polls(12)
    results = make.race(6, lambda _: publish_poll_closed_events())
    assert sum(n for n in results if isinstance(n, int)) == 12
    assert sorted(
        Event.objects.filter(name="poll.closed").values_list("data__poll", flat=True)
    ) == [poll.pk for poll in polls]
    assert Entry.objects.filter(verb="voting_ended").count() == 12


def test_poll_closed_by_an_editor_and_workers_concurrently_is_one_event(ben: User) -> None:
    for _ in range(8):
        poll = make.live(poll=make.poll_data()).poll
        assert poll is not None
        calls: list[Callable[[], object]] = [
            lambda p=poll: close_poll(p, by=ben),  # type: ignore[misc]
            publish_poll_closed_events,
            publish_poll_closed_events,
        ]
        make.race(3, lambda n: calls[n]())  # noqa: B023
        publish_poll_closed_events()
        assert Event.objects.filter(name="poll.closed", key=f"poll-{poll.pk}").count() == 1


def test_poll_closed_event_of_an_article_withdrawn_concurrently_is_published_at_most_once(
    ben: User,
) -> None:
    for _ in range(8):
        [poll] = make_closed_polls(1)
        story = Article.objects.get(poll=poll)
        calls: list[Callable[[], object]] = [
            lambda s=story: withdraw(s, notice="내립니다.", by=ben),  # type: ignore[misc]
            publish_poll_closed_events,
        ]
        results = make.race(2, lambda n: calls[n]())  # noqa: B023
        assert not [r for r in results if isinstance(r, Exception)]
        publish_poll_closed_events()
        assert Event.objects.filter(name="poll.closed", key=f"poll-{poll.pk}").count() <= 1


def test_poll_closed_query_uses_its_partial_index() -> None:
    make_closed_polls(1)
    ended = timezone.now() - timedelta(days=1)
    opened = ended - timedelta(days=1)
    Poll.objects.bulk_create(
        Poll(question="물음", opens_at=opened, closes_at=ended, published_closes_at=ended)
        for _ in range(1_000)
    )
    polls = Poll.objects.closed_unpublished(timezone.now())
    plan = plan_of_queryset(polls, analyzed=[Poll])
    assert "polls_to_tell" in plan, plan


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_vote_that_waited_past_the_closing_time_is_not_counted(*, is_signed_in: bool) -> None:
    """faults V2: its conditions are those of the time after the lock."""
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    end = timezone.now() + timedelta(seconds=1)
    Poll.objects.update(closes_at=end)
    voter = Voter(browser="chi", account=make.reader("chi").pk if is_signed_in else None)
    holding, over = threading.Event(), threading.Event()

    def work(number: int) -> object:
        if number:
            assert holding.wait(10)
            return cast_vote(poll.pk, side="pro", voter=voter)
        with transaction.atomic():
            lock_poll(poll.pk)
            holding.set()
            over.wait((end - timezone.now()).total_seconds() + 0.3)
        return None

    refused = make.race(2, work)
    assert [type(one) for one in refused if isinstance(one, Exception)] == [PollNotOpen]
    assert not Vote.objects.exists()
