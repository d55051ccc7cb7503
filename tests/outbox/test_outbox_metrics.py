"""The outbox in numbers, the tick in the schedule, and the command for a person at the keyboard."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom.celery import app
from newsroom.conf.environment import read_networks
from outbox.actions import disable_subscriber, fan_out_all
from outbox.metrics import OutboxStatus, measure_outbox
from outbox.models import Event, Subscriber
from outbox.tasks import deliver_due
from outbox.worker import POLL_AFTER_TICK_SECONDS, WORKER, deliver_all_due
from tests.support import make
from tests.support.outbox import publish_test_event, subscriber
from tests.support.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db
NOW = timezone.now


def test_an_empty_outbox_has_no_lag() -> None:
    assert measure_outbox(NOW()) == OutboxStatus(
        depth=0, lag_seconds=0.0, given_up=0, failing=0, off=0
    )


def test_what_nobody_sorted_or_carried_is_lag(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    assert measure_outbox(NOW() + timedelta(seconds=30)).lag_seconds == pytest.approx(30, abs=5)
    fan_out_all()
    seen = measure_outbox(NOW() + timedelta(seconds=30))
    assert seen.lag_seconds == pytest.approx(30, abs=5)
    assert seen.depth == 1
    deliver_all_due()
    assert measure_outbox(NOW() + timedelta(seconds=30)).lag_seconds == 0


def test_a_subscriber_that_is_away_is_depth_and_not_lag(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 503
    deliver_all_due()
    seen = measure_outbox(NOW() + timedelta(hours=1))
    assert (seen.depth, seen.lag_seconds) == (1, 0)


def test_a_subscriber_that_is_off_is_counted_as_such() -> None:
    hook = subscriber("https://hooks.example.com/in")
    publish_test_event()
    fan_out_all()
    disable_subscriber(hook, reason="점검", by=make.ben())
    seen = measure_outbox(NOW() + timedelta(hours=1))
    assert (seen.depth, seen.lag_seconds, seen.off) == (0, 0, 1)


def test_measuring_costs_four_queries() -> None:
    for number in range(20):
        subscriber("https://hooks.example.com/in")
        publish_test_event(f"기사-{number}")
    with CaptureQueriesContext(connection) as asked:
        measure_outbox(NOW())
    assert len(asked) == 4


def test_an_idle_tick_reads_twice_and_writes_nothing() -> None:
    subscriber("https://hooks.example.com/in")
    with CaptureQueriesContext(connection) as asked:
        assert WORKER.dispatch_due() == []
    assert len(asked) == 2
    assert not [q for q in asked if not q["sql"].startswith("SELECT")]


def test_announcing_is_one_insert() -> None:
    for _ in range(3):
        subscriber("https://hooks.example.com/in")
    with CaptureQueriesContext(connection) as asked:
        publish_test_event()
    assert len([q for q in asked if q["sql"].startswith("INSERT")]) == len(asked) == 1


def test_sorting_costs_the_same_for_one_event_and_for_twenty() -> None:
    for _ in range(3):
        subscriber("https://hooks.example.com/in")

    def queries(number: int) -> int:
        for n in range(number):
            publish_test_event(f"기사-{number}-{n}")
        with CaptureQueriesContext(connection) as asked:
            fan_out_all()
        return len(asked)

    assert queries(1) == queries(20)


def test_the_beat_fires_every_second_and_forgets_what_is_late() -> None:
    entry = app.conf.beat_schedule["deliver-due"]
    assert entry == {
        "task": deliver_due.name,
        "schedule": 1.0,
        "options": {"expires": 5},
    }


def test_the_command_says_what_arrived_and_fails_when_something_did_not(
    receiver: HTTPReceiver,
) -> None:
    subscriber(receiver.url)
    publish_test_event("하나")
    out = io.StringIO()
    call_command("deliver_due", stdout=out)
    assert "1 delivered, 0 will be tried again, 0 given up." in out.getvalue()
    publish_test_event("둘")
    receiver.answer = 500
    with pytest.raises(SystemExit) as ended:
        call_command("deliver_due", stdout=out)
    assert ended.value.code == 1


def test_without_subscribers_events_are_sorted_and_that_is_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A real polling thread would go on in the tests after this one, and lock their tables.
    polls: list[float] = []
    monkeypatch.setattr(WORKER, "poll_for", polls.append)
    publish_test_event()
    assert deliver_due() == "0 deliveries started"
    assert polls == [POLL_AFTER_TICK_SECONDS]
    assert not Event.objects.not_fanned_out().exists()
    assert Subscriber.objects.count() == 0


def test_a_wrong_network_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_PRIVATE_NETWORKS", "10.0.0.0/8,everything")
    with pytest.raises(ImproperlyConfigured, match="everything"):
        read_networks("DISPATCH_PRIVATE_NETWORKS")
