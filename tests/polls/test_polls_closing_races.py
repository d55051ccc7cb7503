"""The `poll.closed` event with concurrent workers, on PostgreSQL and real threads."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from articles.actions import publish_poll_closed_events
from articles.models import Article
from audit.models import Entry
from desk.actions import withdraw
from outbox.models import Event
from polls.actions import close_poll
from polls.models import Poll
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
