"""Latency of purges: well below a second, although the tick comes once a second."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outbox.models import Attempt, Delivery, Event
from outbox.worker import POLL_INTERVAL_SECONDS, OutboxWorker
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import (
    PROCESS_START_TIMEOUT_SECONDS,
    process_environment,
    run_manage_command,
    wait_until,
    workers_and_beats,
)
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, HTTPReceiver, running_receiver
from tests.support.outbox import publish_test_event, subscriber

MAX_LATENCY_SECONDS = 1.0  # a withdrawal has two
ARTICLES = 12
SUBSCRIBE = """
from accounts.models import User
from outbox.actions import add_subscriber
from outbox.models import Subscriber
cache = Subscriber(name="캐시", kind="purge_http", url="{url}", events=["article.*"],
                   options={{"by": "keys"}})
add_subscriber(cache, by=User(name="ben"))
"""
PUBLISH = """
import random, time
from outbox.actions import publish_event
for number in range({number}):
    time.sleep(random.uniform(0.3, 0.9))
    data = {{"slug": f"{prefix}-{{number}}", "at": time.monotonic()}}
    publish_event("article.withdrawn", key=f"{prefix}-{{number}}", **data)
    print(data["slug"], data["at"], flush=True)
"""


@pytest.fixture
def cache(settings: Any) -> Iterator[HTTPReceiver]:
    with running_receiver() as cache:
        settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
        settings.OUTBOX_EXTRA_PORTS = [cache.port]
        yield cache


def worker_environment(cache: HTTPReceiver, folder: Path, **over: str) -> dict[str, str]:
    own = {"OUTBOX_PRIVATE_NETWORKS": "127.0.0.0/8", "OUTBOX_EXTRA_PORTS": str(cache.port)}
    return process_environment(folder, **own, **over)


def first_arrivals(cache: HTTPReceiver) -> dict[str, float]:
    """When the first purge of each article arrived."""
    arrivals: dict[str, float] = {}
    for got in cache.got:
        for key in got.headers.get("surrogate-key", "").split(" "):
            arrivals.setdefault(key.removeprefix("article-"), got.at)
    return arrivals


def latencies(env: dict[str, str], cache: HTTPReceiver) -> list[float]:
    """The latency of each purge from the commit, in seconds, sorted."""
    output = run_manage_command(
        env, "shell", "-v0", "-c", PUBLISH.format(number=ARTICLES, prefix="story")
    )
    published = {slug: float(at) for slug, at in (line.split() for line in output.splitlines())}
    wait_until(lambda: published.keys() <= first_arrivals(cache).keys(), within=5)
    arrived = first_arrivals(cache)
    return sorted(arrived[slug] - at for slug, at in published.items())


def warm_up(env: dict[str, str], cache: HTTPReceiver) -> None:
    run_manage_command(env, "shell", "-v0", "-c", PUBLISH.format(number=1, prefix="warm-up"))
    wait_until(lambda: bool(cache.got), within=PROCESS_START_TIMEOUT_SECONDS)
    cache.got.clear()


def test_the_embedded_newsroom_purges_within_a_second(cache: HTTPReceiver, tmp_path: Path) -> None:
    env = worker_environment(cache, tmp_path, DATABASE_URL="", REDIS_URL="")
    prepare_data_folder(env)
    run_manage_command(
        env, "shell", "-v0", "-c", SUBSCRIBE.format(url=f"http://127.0.0.1:{cache.port}")
    )
    with workers_and_beats(env, tmp_path, workers=1, beats=1, pool="threads"):
        warm_up(env, cache)
        assert latencies(env, cache)[-1] < MAX_LATENCY_SECONDS


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_two_workers_purge_within_a_second_and_once(cache: HTTPReceiver, tmp_path: Path) -> None:
    subscriber(f"http://127.0.0.1:{cache.port}", kind="purge_http", options={"by": "keys"})
    env = worker_environment(cache, tmp_path, DATABASE_URL=address_of_test_database())
    with workers_and_beats(env, tmp_path, workers=2, beats=1, pool="prefork"):
        warm_up(env, cache)
        assert latencies(env, cache)[-1] < MAX_LATENCY_SECONDS
        wait_until(lambda: not Delivery.objects.waiting().exists(), within=10)
    assert Attempt.objects.count() == 2 * Delivery.objects.count()  # each once, and its repetition


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_poll_delivers_new_events_long_before_the_next_tick(cache: HTTPReceiver) -> None:
    subscriber(cache.url)
    worker = OutboxWorker(idle_timeout=0.1)
    worker.poll_for(4)
    try:
        for number in range(5):
            before = len(cache.got)
            publish_test_event(f"기사-{number}")
            wait_until(lambda n=before: len(cache.got) > n, within=5 * POLL_INTERVAL_SECONDS + 0.5)  # type: ignore[misc]
    finally:
        worker.poll_for(0)
        wait_until(lambda: worker.busy == 0 and worker.thread is None, within=5)
    assert not Event.objects.not_fanned_out().exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nothing_polls_without_ticks(cache: HTTPReceiver) -> None:
    subscriber(cache.url)
    worker = OutboxWorker(idle_timeout=0.1)
    worker.poll_for(0.2)
    time.sleep(0.5)
    publish_test_event()
    time.sleep(0.5)
    assert (cache.got, Event.objects.not_fanned_out().count()) == ([], 1)
    worker.poll_for(1)  # the next tick
    wait_until(lambda: len(cache.got) == 1, within=2)
    wait_until(lambda: worker.busy == 0 and worker.thread is None, within=5)


def test_many_ticks_keep_one_polling_thread() -> None:
    worker = OutboxWorker(idle_timeout=3)
    threads = set[threading.Thread | None]()
    for _ in range(20):
        worker.poll_for(0)
        threads.add(worker.thread)
    (only,) = threads
    assert only is not None
    wait_until(lambda: not only.is_alive(), within=20)
    worker.poll_for(0)
    assert worker.thread is not None
    wait_until(lambda: worker.thread is None, within=5)
