"""Metrics of the outbox, the scheduled tick, and the deliver_due command."""

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
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import publish_test_event, subscriber

pytestmark = pytest.mark.django_db
NOW = timezone.now


def test_empty_outbox_has_no_lag() -> None:
    assert measure_outbox(NOW()) == OutboxStatus(
        depth=0, lag_seconds=0.0, given_up=0, failing=0, off=0
    )


def test_undelivered_event_is_lag(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    assert measure_outbox(NOW() + timedelta(seconds=30)).lag_seconds == pytest.approx(30, abs=5)
    fan_out_all()
    status = measure_outbox(NOW() + timedelta(seconds=30))
    assert status.lag_seconds == pytest.approx(30, abs=5)
    assert status.depth == 1
    deliver_all_due()
    assert measure_outbox(NOW() + timedelta(seconds=30)).lag_seconds == 0


def test_unavailable_subscriber_adds_to_depth_not_to_lag(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 503
    deliver_all_due()
    status = measure_outbox(NOW() + timedelta(hours=1))
    assert (status.depth, status.lag_seconds) == (1, 0)


def test_disabled_subscriber_is_counted() -> None:
    hook = subscriber("https://hooks.example.com/in")
    publish_test_event()
    fan_out_all()
    disable_subscriber(hook, reason="점검", by=make.ben())
    status = measure_outbox(NOW() + timedelta(hours=1))
    assert (status.depth, status.lag_seconds, status.off) == (0, 0, 1)


def test_measuring_the_outbox_needs_four_queries() -> None:
    for number in range(20):
        subscriber("https://hooks.example.com/in")
        publish_test_event(f"기사-{number}")
    with CaptureQueriesContext(connection) as queries:
        measure_outbox(NOW())
    assert len(queries) == 4


def test_idle_tick_reads_twice_and_writes_nothing() -> None:
    subscriber("https://hooks.example.com/in")
    with CaptureQueriesContext(connection) as queries:
        assert WORKER.dispatch_due() == []
    assert len(queries) == 2
    assert not [q for q in queries if not q["sql"].startswith("SELECT")]


def test_publishing_an_event_is_one_insert() -> None:
    for _ in range(3):
        subscriber("https://hooks.example.com/in")
    with CaptureQueriesContext(connection) as queries:
        publish_test_event()
    assert len([q for q in queries if q["sql"].startswith("INSERT")]) == len(queries) == 1


def test_fan_out_needs_as_many_queries_for_one_event_as_for_twenty() -> None:
    for _ in range(3):
        subscriber("https://hooks.example.com/in")

    def count_queries(number: int) -> int:
        for n in range(number):
            publish_test_event(f"기사-{number}-{n}")
        with CaptureQueriesContext(connection) as queries:
            fan_out_all()
        return len(queries)

    assert count_queries(1) == count_queries(20)


def test_delivery_tick_is_scheduled_every_second_and_expires() -> None:
    entry = app.conf.beat_schedule["deliver-due"]
    assert entry == {
        "task": deliver_due.name,
        "schedule": 1.0,
        "options": {"expires": 5},
    }


def test_deliver_due_command_reports_and_fails_on_an_undelivered_event(
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


def test_tick_without_subscribers_fans_out_and_delivers_nothing(
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


def test_invalid_private_network_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBOX_PRIVATE_NETWORKS", "10.0.0.0/8,everything")
    with pytest.raises(ImproperlyConfigured, match="everything"):
        read_networks("OUTBOX_PRIVATE_NETWORKS")
