"""The outbox under many hands: several workers, slow receivers, processes that die."""

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

from outbox.actions import address_all, come_back, go_on, set_out, settle, switch_off, switch_on
from outbox.attempt_result import Outcome
from outbox.models import Attempt, Delivery, Event, Subscriber
from outbox.worker import ROOM, carry_all, send_out
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.support import make
from tests.support.outbox import hours_pass, only_delivery, subscriber, tell_of
from tests.support.processes import HOUSE, clockwork, environment, manage, wait_until
from tests.support.receivers import LOOPBACK, Got, Receiver, receiving

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NAMES = ["article.published", "article.updated", "article.corrected", "article.withdrawn"]


@pytest.fixture
def receivers(settings: Any) -> Iterator[list[Receiver]]:
    with receiving() as first, receiving() as second:
        settings.DISPATCH_PRIVATE_NETWORKS = LOOPBACK
        settings.DISPATCH_PORTS = [first.port, second.port]
        yield [first, second]


def rest(_number: int) -> int:
    """A worker's rounds until it finds nothing left to do."""
    for _ in range(200):
        wait(send_out())
        if not Delivery.objects.waiting().exists():
            break
        time.sleep(0.01)
    return 0


def told(receiver: Receiver) -> dict[str, list[str]]:
    """What was told of each story, in the order of arrival."""
    stories: dict[str, list[str]] = {}
    for got in receiver.got:
        body = json.loads(got.body)
        stories.setdefault(body["data"]["slug"], []).append(body["type"])
    return stories


def test_six_workers_deliver_everything_once_and_in_order(receivers: list[Receiver]) -> None:
    for receiver in receivers:
        subscriber(receiver.url)
    for name in NAMES:
        for number in range(25):
            tell_of(f"기사-{number}", name=name)
    outcomes = make.race(6, rest)
    assert outcomes == [0] * 6
    for receiver in receivers:
        assert told(receiver) == {f"기사-{number}": NAMES for number in range(25)}
    assert Attempt.objects.count() == 200


def test_six_workers_write_each_delivery_down_once() -> None:
    subscriber("https://hooks.example.com/in")
    for number in range(600):
        tell_of(f"기사-{number}")
    found = make.race(6, lambda _: address_all())
    assert sum(n for n in found if isinstance(n, int)) == 600
    assert Delivery.objects.count() == 600


def test_an_event_that_is_committed_late_is_not_passed_over(receivers: list[Receiver]) -> None:
    """Its number is lower than one that was sorted and told long ago."""
    subscriber(receivers[0].url)
    written, commit = threading.Event(), threading.Event()

    def slow_editor(_number: int) -> int:
        with transaction.atomic():
            event = tell_of("늦은 기사")
            written.set()
            commit.wait(10)
        return event.pk

    def quick_editor(_number: int) -> int:
        written.wait(10)
        event = tell_of("빠른 기사")
        carry_all()
        assert list(told(receivers[0])) == ["빠른 기사"]
        commit.set()
        return event.pk

    late, quick = make.race(2, lambda n: [slow_editor, quick_editor][n](n))
    carry_all()
    assert Event.objects.filter(addressed_at__isnull=True).count() == 0
    assert sorted(told(receivers[0])) == ["늦은 기사", "빠른 기사"]
    assert {late, quick} == set(Event.objects.values_list("pk", flat=True))


def test_switched_on_while_events_are_sorted_it_misses_none() -> None:
    hook = subscriber("https://hooks.example.com/in")
    for turn in range(5):
        switch_off(hook, reason="점검", by=make.ben())
        for number in range(60):
            tell_of(f"기사-{turn}-{number}")

        def act(number: int) -> int:
            return switch_on(hook, by=make.ben()) if number == 0 else address_all()

        assert not [r for r in make.race(3, act) if isinstance(r, Exception)]
        address_all()
    assert Delivery.objects.count() == 300


def test_a_slow_receiver_holds_up_neither_the_worker_nor_the_others(
    receivers: list[Receiver],
) -> None:
    slow, quick = receivers
    enough = threading.Event()
    slow.answer = hanging(enough)
    subscriber(slow.url)
    subscriber(quick.url)
    couriers = []
    took = []
    try:
        for number in range(5):
            tell_of(f"기사-{number}")
            began = time.monotonic()
            couriers += send_out()
            took.append(time.monotonic() - began)
            wait_until(lambda n=number: len(quick.got) == n + 1, within=2)  # type: ignore[misc]
        assert max(took) < 1
        assert len(slow.got) == 1
        wait_until(lambda: ROOM.busy == 1, within=2)
    finally:
        enough.set()
        wait(couriers)
    assert ROOM.busy == 0


def unhurried(_got: Got) -> int:
    time.sleep(0.01)
    return 200


def test_what_is_sorted_while_a_courier_comes_back_does_not_wait_for_the_next_tick(
    receivers: list[Receiver],
) -> None:
    subscriber(receivers[0].url)
    for number in range(40):
        tell_of(f"기사-{number}")
        send_out()
        wait_until(lambda n=number: len(receivers[0].got) == n + 1, within=5)  # type: ignore[misc]
    wait_until(lambda: ROOM.busy == 0, within=5)
    assert len({got.headers["webhook-id"] for got in receivers[0].got}) == 40


def hanging(enough: threading.Event) -> Callable[[Got], int]:
    def answer(_got: Got) -> int:
        enough.wait(8)
        return 200

    return answer


def test_two_couriers_are_never_on_the_way_to_one_subscriber() -> None:
    hook = subscriber("https://hooks.example.com/in")
    marks = make.race(8, lambda _: set_out(hook))
    assert Counter(mark is None for mark in marks) == {True: 7, False: 1}
    [mine] = [m for m in marks if m]
    assert not isinstance(mine, Exception)
    assert go_on(hook, courier=mine)
    come_back(hook, courier=mine)
    assert not go_on(hook, courier=mine)
    assert set_out(hook)


def test_an_outcome_that_comes_after_another_one_changes_nothing(
    receivers: list[Receiver],
) -> None:
    hook = subscriber(receivers[0].url)
    tell_of()
    address_all()
    delivery = only_delivery()
    settle(delivery, outcome=Outcome(timezone.now(), 5, accepted=True, status=200))
    settle(delivery, outcome=Outcome(timezone.now(), 5, accepted=False, status=503))
    hook.refresh_from_db()
    assert (only_delivery().state, only_delivery().tries) == ("done", 1)
    assert (hook.failures, hook.rest_until) == (0, None)
    assert Attempt.objects.count() == 2


def test_a_process_killed_in_the_middle_leaves_a_second_delivery_with_the_same_id(
    receivers: list[Receiver], tmp_path: Path
) -> None:
    receiver, _other = receivers
    enough = threading.Event()
    receiver.answer = hanging(enough)
    hook = subscriber(receiver.url)
    tell_of()
    tell_of(name="article.updated")
    env = environment(
        tmp_path,
        DATABASE_URL=address_of_test_database(),
        DISPATCH_PRIVATE_NETWORKS="127.0.0.0/8",
        DISPATCH_PORTS=str(receiver.port),
    )
    command = [sys.executable, "manage.py", "deliver_due"]
    process = subprocess.Popen(command, cwd=HOUSE, env=env, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: len(receiver.got) == 1, within=30)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    enough.set()
    assert Attempt.objects.count() == 0
    carry_all()
    assert len(receiver.got) == 1  # the dead one's lease still holds
    Subscriber.objects.filter(pk=hook.pk).update(served_until=timezone.now())
    receiver.answer = 200
    carry_all()
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert [json.loads(got.body)["type"] for got in receiver.got] == [NAMES[0], NAMES[0], NAMES[1]]
    assert ids[0] == ids[1] != ids[2]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.redis
def test_workers_that_are_killed_at_random_lose_nothing_and_keep_the_order(
    receivers: list[Receiver], tmp_path: Path
) -> None:
    receiver, _other = receivers
    receiver.answer = unhurried
    hook = subscriber(receiver.url)
    env = environment(
        tmp_path,
        DATABASE_URL=address_of_test_database(),
        DISPATCH_PRIVATE_NETWORKS="127.0.0.0/8",
        DISPATCH_PORTS=str(receiver.port),
    )
    for name in NAMES:
        for number in range(40):
            tell_of(f"기사-{number}", name=name)
    for _ in range(2):
        with clockwork(env, tmp_path, workers=2, beats=1, pool="prefork") as processes:
            before = len(receiver.got)
            wait_until(lambda n=before: len(receiver.got) > n + 10, within=40)  # type: ignore[misc]
            for process in processes[:2]:
                process.send_signal(signal.SIGKILL)
        Subscriber.objects.filter(pk=hook.pk).update(served_until=timezone.now())
    hours_pass()
    while Delivery.objects.waiting().exists():
        carry_all()
    first_times = {slug: list(dict.fromkeys(names)) for slug, names in told(receiver).items()}
    assert first_times == {f"기사-{number}": NAMES for number in range(40)}
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 160


def test_the_clock_delivers_by_itself(receivers: list[Receiver], tmp_path: Path) -> None:
    receiver, _other = receivers
    hook = subscriber(receiver.url)
    env = environment(
        tmp_path,
        DATABASE_URL=address_of_test_database(),
        REDIS_URL="",
        DISPATCH_PRIVATE_NETWORKS="127.0.0.0/8",
        DISPATCH_PORTS=str(receiver.port),
    )
    manage(env, "prepare")
    with clockwork(env, tmp_path, workers=1, beats=1, pool="threads"):
        tell_of("첫 기사")
        wait_until(lambda: len(receiver.got) == 1, within=40)
        tell_of("둘째 기사")
        assert wait_until(lambda: len(receiver.got) == 2, within=10) < 5
    wait_until(lambda: not Delivery.objects.waiting().exists(), within=5)
    hook.refresh_from_db()
    assert hook.failures == 0
