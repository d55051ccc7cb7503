"""Races of the outbox worker: several workers, slow receivers, killed processes."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from outbox.actions import (
    acquire_lease,
    disable_subscriber,
    enable_subscriber,
    fan_out_all,
    record_result,
    release_lease,
    renew_lease,
)
from outbox.attempt_result import AttemptResult
from outbox.models import Attempt, Delivery, Event, Subscriber
from outbox.worker import WORKER, deliver_all_due
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.support import make
from tests.support.loopback.processes import (
    PROCESS_START_TIMEOUT_SECONDS,
    PROJECT_ROOT,
    process_environment,
    wait_until,
    workers_and_beats,
)
from tests.support.loopback.receivers import (
    LOOPBACK_NETWORKS,
    HTTPReceiver,
    ReceivedRequest,
    running_receiver,
)
from tests.support.outbox import make_retries_due, only_delivery, publish_test_event, subscriber

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NAMES = ["article.published", "article.updated", "article.corrected", "article.withdrawn"]


@pytest.fixture
def receivers(settings: Any) -> Iterator[list[HTTPReceiver]]:
    with running_receiver() as first, running_receiver() as second:
        settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
        settings.OUTBOX_EXTRA_PORTS = [first.port, second.port]
        yield [first, second]


def dispatch_until_idle(_number: int) -> int:
    """Dispatch like a worker until nothing waits."""
    for _ in range(200):
        wait(WORKER.dispatch_due())
        if not Delivery.objects.waiting().exists():
            break
        time.sleep(0.01)
    return 0


def events_by_article(receiver: HTTPReceiver) -> dict[str, list[str]]:
    """The events that arrived for each article, in order."""
    events: dict[str, list[str]] = {}
    for got in receiver.got:
        body = json.loads(got.body)
        events.setdefault(body["data"]["slug"], []).append(body["type"])
    return events


def test_six_workers_deliver_every_event_once_and_in_order(receivers: list[HTTPReceiver]) -> None:
    for receiver in receivers:
        subscriber(receiver.url)
    for name in NAMES:
        for number in range(25):
            publish_test_event(f"기사-{number}", name=name)
    results = make.race(6, dispatch_until_idle)
    assert results == [0] * 6
    for receiver in receivers:
        assert events_by_article(receiver) == {f"기사-{number}": NAMES for number in range(25)}
    assert Attempt.objects.count() == 200


def test_six_workers_fan_out_each_event_once() -> None:
    subscriber("https://hooks.example.com/in")
    for number in range(600):
        publish_test_event(f"기사-{number}")
    counts = make.race(6, lambda _: fan_out_all())
    assert sum(n for n in counts if isinstance(n, int)) == 600
    assert Delivery.objects.count() == 600


def test_event_committed_late_is_delivered(receivers: list[HTTPReceiver]) -> None:
    """Its pk is lower than one that was fanned out and delivered before."""
    subscriber(receivers[0].url)
    written, commit = threading.Event(), threading.Event()

    def slow_editor(_number: int) -> int:
        with transaction.atomic():
            event = publish_test_event("늦은 기사")
            written.set()
            commit.wait(10)
        return event.pk

    def quick_editor(_number: int) -> int:
        written.wait(10)
        event = publish_test_event("빠른 기사")
        deliver_all_due()
        assert list(events_by_article(receivers[0])) == ["빠른 기사"]
        commit.set()
        return event.pk

    late, quick = make.race(2, lambda n: [slow_editor, quick_editor][n](n))
    deliver_all_due()
    assert Event.objects.filter(fanned_out_at__isnull=True).count() == 0
    assert sorted(events_by_article(receivers[0])) == ["늦은 기사", "빠른 기사"]
    assert {late, quick} == set(Event.objects.values_list("pk", flat=True))


def test_subscriber_enabled_during_fan_out_misses_no_event() -> None:
    hook = subscriber("https://hooks.example.com/in")
    for turn in range(5):
        disable_subscriber(hook, reason="점검", by=make.ben())
        for number in range(60):
            publish_test_event(f"기사-{turn}-{number}")

        def act(number: int) -> int:
            return enable_subscriber(hook, by=make.ben()) if number == 0 else fan_out_all()

        assert not [r for r in make.race(3, act) if isinstance(r, Exception)]
        fan_out_all()
    assert Delivery.objects.count() == 300


def test_slow_receiver_delays_neither_the_worker_nor_other_subscribers(
    receivers: list[HTTPReceiver],
) -> None:
    slow, quick = receivers
    release = threading.Event()
    slow.answer = answer_when_released(release)
    subscriber(slow.url)
    subscriber(quick.url)
    deliveries = []
    durations = []
    try:
        for number in range(5):
            publish_test_event(f"기사-{number}")
            began = time.monotonic()
            deliveries += WORKER.dispatch_due()
            durations.append(time.monotonic() - began)
            wait_until(lambda n=number: len(quick.got) == n + 1, within=2)  # type: ignore[misc]
        assert max(durations) < 1
        assert len(slow.got) == 1
        wait_until(lambda: WORKER.busy == 1, within=2)
    finally:
        release.set()
        wait(deliveries)
    assert WORKER.busy == 0


def answer_slowly(_got: ReceivedRequest) -> int:
    time.sleep(0.01)
    return 200


def test_event_fanned_out_while_a_lease_ends_does_not_wait_for_the_next_tick(
    receivers: list[HTTPReceiver],
) -> None:
    subscriber(receivers[0].url)
    for number in range(40):
        publish_test_event(f"기사-{number}")
        WORKER.dispatch_due()
        wait_until(lambda n=number: len(receivers[0].got) == n + 1, within=5)  # type: ignore[misc]
    wait_until(lambda: WORKER.busy == 0, within=5)
    assert len({got.headers["webhook-id"] for got in receivers[0].got}) == 40


def answer_when_released(release: threading.Event) -> Callable[[ReceivedRequest], int]:
    def answer(_got: ReceivedRequest) -> int:
        release.wait(8)
        return 200

    return answer


def test_subscriber_has_one_lease_at_a_time() -> None:
    hook = subscriber("https://hooks.example.com/in")
    tokens = make.race(8, lambda _: acquire_lease(hook))
    assert Counter(token is None for token in tokens) == {True: 7, False: 1}
    [token] = [each for each in tokens if each]
    assert not isinstance(token, Exception)
    assert renew_lease(hook, token=token)
    release_lease(hook, token=token)
    assert not renew_lease(hook, token=token)
    assert acquire_lease(hook)


def test_second_result_of_an_attempt_changes_nothing(
    receivers: list[HTTPReceiver],
) -> None:
    hook = subscriber(receivers[0].url)
    publish_test_event()
    fan_out_all()
    delivery = only_delivery()
    record_result(delivery, result=AttemptResult(timezone.now(), 5, accepted=True, status=200))
    record_result(delivery, result=AttemptResult(timezone.now(), 5, accepted=False, status=503))
    hook.refresh_from_db()
    assert (only_delivery().state, only_delivery().attempt_count) == ("done", 1)
    assert (hook.failures, hook.paused_until) == (0, None)
    assert Attempt.objects.count() == 2


def test_event_is_delivered_again_with_the_same_id_after_a_killed_process(
    receivers: list[HTTPReceiver], tmp_path: Path
) -> None:
    receiver, _other = receivers
    release = threading.Event()
    receiver.answer = answer_when_released(release)
    hook = subscriber(receiver.url)
    publish_test_event()
    publish_test_event(name="article.updated")
    env = process_environment(
        tmp_path,
        DATABASE_URL=address_of_test_database(),
        OUTBOX_PRIVATE_NETWORKS="127.0.0.0/8",
        OUTBOX_EXTRA_PORTS=str(receiver.port),
    )
    command = [sys.executable, "manage.py", "deliver_due"]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: len(receiver.got) == 1, within=30)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    release.set()
    assert Attempt.objects.count() == 0
    deliver_all_due()
    assert len(receiver.got) == 1  # the lease of the killed process is still valid
    Subscriber.objects.filter(pk=hook.pk).update(leased_until=timezone.now())
    receiver.answer = 200
    deliver_all_due()
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert [json.loads(got.body)["type"] for got in receiver.got] == [NAMES[0], NAMES[0], NAMES[1]]
    assert ids[0] == ids[1] != ids[2]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.redis
def test_killed_workers_lose_no_event_and_keep_the_order(
    receivers: list[HTTPReceiver], tmp_path: Path
) -> None:
    receiver, _other = receivers
    receiver.answer = answer_slowly
    hook = subscriber(receiver.url)
    env = process_environment(
        tmp_path,
        DATABASE_URL=address_of_test_database(),
        OUTBOX_PRIVATE_NETWORKS="127.0.0.0/8",
        OUTBOX_EXTRA_PORTS=str(receiver.port),
    )
    for name in NAMES:
        for number in range(40):
            publish_test_event(f"기사-{number}", name=name)
    for _ in range(2):
        with workers_and_beats(env, tmp_path, workers=2, beats=1, pool="prefork") as processes:
            before = len(receiver.got)
            wait_until(
                lambda n=before: len(receiver.got) > n + 10,  # type: ignore[misc]
                within=PROCESS_START_TIMEOUT_SECONDS,
            )
            for process in processes[:2]:
                process.send_signal(signal.SIGKILL)
        Subscriber.objects.filter(pk=hook.pk).update(leased_until=timezone.now())
    make_retries_due()
    while Delivery.objects.waiting().exists():
        deliver_all_due()
    in_order = {
        slug: list(dict.fromkeys(names)) for slug, names in events_by_article(receiver).items()
    }
    assert in_order == {f"기사-{number}": NAMES for number in range(40)}
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 160


def test_celery_beat_delivers_events(receivers: list[HTTPReceiver], tmp_path: Path) -> None:
    receiver, _other = receivers
    hook = subscriber(receiver.url)
    env = process_environment(
        tmp_path,
        DATABASE_URL=address_of_test_database(),
        REDIS_URL="",
        OUTBOX_PRIVATE_NETWORKS="127.0.0.0/8",
        OUTBOX_EXTRA_PORTS=str(receiver.port),
    )
    with workers_and_beats(env, tmp_path, workers=1, beats=1, pool="threads"):
        publish_test_event("첫 기사")
        wait_until(lambda: len(receiver.got) == 1, within=PROCESS_START_TIMEOUT_SECONDS)
        publish_test_event("둘째 기사")
        assert wait_until(lambda: len(receiver.got) == 2, within=10) < 5
    wait_until(lambda: not Delivery.objects.waiting().exists(), within=5)
    hook.refresh_from_db()
    assert hook.failures == 0
