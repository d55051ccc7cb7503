"""Broker failures: lost, repeated and late messages change nothing, since tasks find due rows.

Real workers and beats, PostgreSQL, and a Redis of the test's own, which it empties.
"""

import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone
from redis import Redis

from articles.models import Article
from audit.models import Entry
from desk.models import Release
from newsroom.task_queues import PUBLISHING
from outbox.models import Event
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.support import make
from tests.support.loopback.processes import (
    PROCESS_START_TIMEOUT_SECONDS,
    process_environment,
    wait_until,
    workers_and_beats,
)
from tests.support.loopback.servers import redis

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.django_db(transaction=True)]
APPEARANCE_TIMEOUT_SECONDS = 40


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with redis() as address:
        yield address


@pytest.fixture
def env(broker: str, tmp_path: Path) -> dict[str, str]:
    with Redis.from_url(broker) as door:
        door.flushall()
    return process_environment(tmp_path, DATABASE_URL=address_of_test_database(), REDIS_URL=broker)


def ask_for_a_round(broker: str, *, times: int = 1) -> None:
    """The message of publish_due that beat sends every second."""
    app = Celery("by hand", broker=broker)
    with app.connection_for_write() as line:
        for _ in range(times):
            app.send_task("desk.tasks.publish_due", connection=line, queue=PUBLISHING)


def due(number: int = 1, *, at: datetime | None = None) -> list[Release]:
    releases = [make.planned() for _ in range(number)]
    Release.objects.update(due_at=at or timezone.now())
    return releases


def waiting_messages(broker: str) -> int:
    with Redis.from_url(broker) as door:
        return int(door.llen(PUBLISHING))


def all_out_once(number: int) -> bool:
    return (
        Release.objects.done().count()
        == Article.objects.live().count()
        == Event.objects.filter(name="article.published").count()
        == Entry.objects.filter(verb="published").count()
        == number
    )


def test_release_is_published_after_its_message_was_lost(
    env: dict[str, str], broker: str, tmp_path: Path
) -> None:
    """publishing 9, 12: the broker is flushed while beat and workers are down; then they start."""
    due(3, at=timezone.now() - timedelta(hours=1))
    ask_for_a_round(broker)
    assert waiting_messages(broker) == 1
    with Redis.from_url(broker) as door:
        door.flushall()
    with workers_and_beats(env, tmp_path, workers=1, beats=1, pool="prefork"):
        wait_until(lambda: all_out_once(3), within=PROCESS_START_TIMEOUT_SECONDS)
    late = [entry.details["late_seconds"] for entry in Entry.objects.filter(verb="published")]
    assert all(seconds >= 3600 for seconds in late)


def test_workers_go_on_after_the_broker_was_emptied(
    env: dict[str, str], broker: str, tmp_path: Path
) -> None:
    """publishing 12: queue, bindings and unacknowledged messages are lost; the next tick restores them."""
    with workers_and_beats(env, tmp_path, workers=2, beats=2, pool="prefork"):
        due()
        wait_until(lambda: all_out_once(1), within=PROCESS_START_TIMEOUT_SECONDS)
        for number in range(2, 5):
            with Redis.from_url(broker) as door:
                door.flushall()
            due()
            wait_until(lambda n=number: all_out_once(n), within=15)  # type: ignore[misc]
    assert all_out_once(4)


def test_message_delivered_sixty_times_publishes_once(
    env: dict[str, str], broker: str, tmp_path: Path
) -> None:
    """publishing 8, 9: the message is duplicated and redelivered."""
    due(5)
    ask_for_a_round(broker, times=60)
    with workers_and_beats(env, tmp_path, workers=2, beats=0, pool="prefork"):
        wait_until(
            lambda: waiting_messages(broker) == 0 and all_out_once(5),
            within=PROCESS_START_TIMEOUT_SECONDS,
        )
        ask_for_a_round(broker, times=20)
        wait_until(lambda: waiting_messages(broker) == 0, within=APPEARANCE_TIMEOUT_SECONDS)
    assert all_out_once(5)


def test_release_due_during_suspend_is_published_once_afterwards(
    env: dict[str, str], tmp_path: Path
) -> None:
    """publishing 12, wire 5c (suspend): workers and beats are suspended (SIGSTOP)."""
    with workers_and_beats(env, tmp_path, workers=2, beats=2, pool="threads") as processes:
        due()
        wait_until(lambda: all_out_once(1), within=PROCESS_START_TIMEOUT_SECONDS)
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        slept = due(4)
        time.sleep(3)
        assert all_out_once(1)
        for process in processes:
            process.send_signal(signal.SIGCONT)
        wait_until(lambda: all_out_once(1 + len(slept)), within=20)
    late = Entry.objects.filter(verb="published").order_by("-pk")[: len(slept)]
    assert all(entry.details["late_seconds"] >= 3 for entry in late)
