"""The `poll.closed` event."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.actions import publish_poll_closed_events
from articles.models import Article
from articles.tasks import publish_poll_closed_events as publish_poll_closed_task
from audit.models import Entry
from desk.actions import withdraw
from newsroom.celery import app
from outbox.models import Event
from polls.actions import close_poll, lock_polls, publish_poll_closed, update_poll
from polls.models import Poll
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import deliver_all_and_repeats, subscriber

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def hours_from_now(hours: float) -> datetime:
    return timezone.now() + hours * HOUR


def live_poll(**over: Any) -> Poll:
    """The poll of a live article, open for an hour."""
    poll = make.live(slug="로봇-문", poll=make.poll_data(closes_at=hours_from_now(1)) | over).poll
    assert poll is not None
    return poll


def poll_closed_events() -> list[Event]:
    return list(Event.objects.filter(name="poll.closed"))


@contextmanager
def travel(hours: float) -> Iterator[None]:
    """Travel in time, also for database_now(), since the clock of a database server cannot be moved."""
    with (
        time_machine.travel(hours_from_now(hours), tick=True),
        patch("articles.actions.database_now", timezone.now),
        patch("polls.actions.closing.database_now", timezone.now),
    ):
        yield


def test_poll_closed_event_is_not_published_while_a_poll_is_open() -> None:
    live_poll()
    assert publish_poll_closed_events() == 0
    assert poll_closed_events() == []


def test_poll_closed_event_names_the_poll_and_its_articles() -> None:
    poll = live_poll()
    with travel(2):
        assert publish_poll_closed_events() == 1
    [event] = poll_closed_events()
    assert event.key == f"poll-{poll.pk}"
    assert poll.closes_at is not None
    assert event.data == {
        "poll": poll.pk,
        "closes_at": poll.closes_at.isoformat(),
        "articles": ["로봇-문"],
    }


def test_poll_closed_event_is_published_once() -> None:
    live_poll()
    with travel(2):
        assert [publish_poll_closed_events() for _ in range(3)] == [1, 0, 0]
    assert len(poll_closed_events()) == 1


def test_poll_closing_by_time_has_an_audit_entry_without_a_user() -> None:
    poll = live_poll()
    with travel(2):
        publish_poll_closed_events()
    entry = Entry.objects.get(verb="voting_ended")
    assert (entry.by, entry.subject, entry.kind) == (None, str(poll.pk), "polls.poll")


def test_poll_closed_event_is_published_for_a_poll_closed_by_an_editor(ben: User) -> None:
    close_poll(live_poll(), by=ben)
    assert publish_poll_closed_events() == 1
    assert len(poll_closed_events()) == 1


def test_poll_closed_event_is_published_again_for_a_reopened_poll(ben: User) -> None:
    poll = live_poll()
    close_poll(poll, by=ben)
    publish_poll_closed_events()
    Poll.objects.filter(pk=poll.pk).update(closes_at=hours_from_now(3))  # no button does that yet
    assert publish_poll_closed_events() == 0
    with travel(4):
        assert publish_poll_closed_events() == 1
    assert [event.data["poll"] for event in poll_closed_events()] == [poll.pk] * 2


def test_poll_closed_event_is_never_published_for_a_poll_that_closed_unpublished() -> None:
    release = make.planned(at=hours_from_now(3), poll=make.poll_data(closes_at=hours_from_now(1)))
    with travel(2):
        assert publish_poll_closed_events() == 0
    Poll.objects.update(public=True)
    assert publish_poll_closed_events() == 0
    assert (poll_closed_events(), Entry.objects.filter(verb="voting_ended").count()) == ([], 0)
    assert release.pk


def test_poll_closed_event_is_not_published_for_a_withdrawn_article(ben: User) -> None:
    poll = live_poll()
    withdraw(Article.objects.get(poll=poll), notice="내립니다.", by=ben)
    with travel(2):
        assert publish_poll_closed_events() == 0
    assert poll_closed_events() == []


def test_poll_closed_event_is_not_published_for_an_expired_article() -> None:
    """Also before the expiry task has run."""
    poll = live_poll()
    Article.objects.filter(poll=poll).update(expires_at=hours_from_now(1.5))
    with travel(2):
        assert publish_poll_closed_events() == 0


def test_poll_closed_event_is_not_published_for_a_poll_without_closing_time() -> None:
    make.live(poll=make.poll_data())
    with travel(24 * 365):
        assert publish_poll_closed_events() == 0


def test_poll_closed_event_is_not_published_if_closes_at_changes_meanwhile() -> None:
    poll = live_poll()
    with travel(2):
        [closed] = Poll.objects.closed_unpublished(timezone.now())
        lock_polls([poll.pk])
        update_poll(Poll.objects.get(pk=poll.pk), data=make.poll_data(closes_at=hours_from_now(9)))
        assert not publish_poll_closed(closed, articles=["로봇-문"])
    assert poll_closed_events() == []


def test_poll_closed_event_purges_the_poll_from_caches(receiver: HTTPReceiver) -> None:
    poll = live_poll()
    deliver_all_and_repeats()
    subscriber(f"http://127.0.0.1:{receiver.port}", kind="purge_http", events=["poll.*"])
    with travel(2):
        publish_poll_closed_events()
        deliver_all_and_repeats()
    assert f"/api/v1/polls/{poll.pk}/" in {got.path for got in receiver.got}


def test_poll_closed_task_is_scheduled_every_five_seconds_and_reports_its_count() -> None:
    live_poll()
    with travel(2):
        assert publish_poll_closed_task() == "1 polls have closed"
    entry = app.conf.beat_schedule["publish-poll-closed-events"]
    assert (entry["task"], entry["schedule"]) == (publish_poll_closed_task.name, 5.0)


def test_poll_closed_check_without_result_is_one_query() -> None:
    for _ in range(3):
        make.live(poll=make.poll_data(closes_at=hours_from_now(1)))
    with CaptureQueriesContext(connection) as queries:
        assert publish_poll_closed_events() == 0
    reads = [q["sql"] for q in queries if "clock_timestamp" not in q["sql"]]
    assert len(reads) == 1
