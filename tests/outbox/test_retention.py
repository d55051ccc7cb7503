"""The outbox forgets what was delivered long ago, and nothing else."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from audit.models import Entry
from newsroom.celery import app
from newsroom.conf.environment import read_days
from outbox.actions import (
    DeletedCounts,
    delete_delivered,
    disable_subscriber,
    dismiss_delivery,
    enable_subscriber,
    replay_delivery,
)
from outbox.errors import NotGivenUp
from outbox.models import Attempt, Delivery, Event
from outbox.retry_policy import WEBHOOK_RETRY_DELAYS
from outbox.tasks import tidy_outbox
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.outbox import make_retries_due, only_delivery, publish_test_event, subscriber
from tests.support.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def weeks_pass(days: int = 31) -> None:
    """Everything that is in the outbox happened so many days earlier."""
    for event in Event.objects.all():
        Event.objects.filter(pk=event.pk).update(
            at=event.at - timedelta(days=days),
            fanned_out_at=event.fanned_out_at and event.fanned_out_at - timedelta(days=days),
        )
    for delivery in Delivery.objects.all():
        Delivery.objects.filter(pk=delivery.pk).update(
            settled_at=delivery.settled_at and delivery.settled_at - timedelta(days=days),
            dismissed_at=delivery.dismissed_at and delivery.dismissed_at - timedelta(days=days),
        )


def rows() -> tuple[int, int, int]:
    return Delivery.objects.count(), Attempt.objects.count(), Event.objects.count()


def gone_wrong(receiver: HTTPReceiver) -> Delivery:
    """A delivery that was given up."""
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    for _ in WEBHOOK_RETRY_DELAYS:
        make_retries_due()
        deliver_all_due()
    assert only_delivery().state == "dead"
    return only_delivery()


def test_what_arrived_a_month_ago_is_forgotten_with_its_attempts(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event("하나")
    publish_test_event("둘")
    deliver_all_due()
    weeks_pass()
    publish_test_event("오늘")
    deliver_all_due()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(deliveries=2, attempts=2, events=2)
    assert rows() == (1, 1, 1)


def test_what_arrived_yesterday_stays(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    weeks_pass(29)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    assert rows() == (1, 1, 1)


def test_what_waits_is_never_forgotten(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    deliver_all_due()
    weeks_pass(400)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    make_retries_due()
    receiver.answer = 200
    deliver_all_due()
    assert only_delivery().state == "done"


def test_an_event_that_nobody_has_sorted_stays() -> None:
    publish_test_event()
    weeks_pass(400)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    assert Event.objects.count() == 1


def test_an_event_that_nobody_wanted_goes() -> None:
    publish_test_event()
    deliver_all_due()
    weeks_pass()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(events=1)


def test_what_one_subscriber_still_waits_for_stays_though_the_other_has_it(
    receiver: HTTPReceiver,
) -> None:
    subscriber(receiver.url)
    subscriber(f"{receiver.url}/slow")
    receiver.answer = lambda got: 500 if got.path.endswith("slow") else 200
    publish_test_event()
    deliver_all_due()
    weeks_pass()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(deliveries=1, attempts=1)
    assert Event.objects.count() == 1


def test_what_a_subscriber_misses_while_it_is_off_is_kept_for_it(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url, events=["article.*"])
    disable_subscriber(hook, reason="공사", by=make.ben())
    type(hook).objects.update(disabled_at=timezone.now() - timedelta(days=40))
    publish_test_event("보관")
    publish_test_event(name="comment.posted")
    deliver_all_due()
    weeks_pass(35)
    assert delete_delivered(older_than=MONTH) == DeletedCounts(events=1)
    assert enable_subscriber(hook, by=make.ben()) == 1
    deliver_all_due()
    assert "보관" in receiver.got[0].body.decode()


def test_what_was_given_up_stays_until_a_person_has_seen_it(receiver: HTTPReceiver) -> None:
    dead = gone_wrong(receiver)
    weeks_pass(400)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    dismiss_delivery(dead, by=make.ben())
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    weeks_pass()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(
        deliveries=1, attempts=len(WEBHOOK_RETRY_DELAYS), events=1
    )


def test_putting_aside_is_in_the_audit_log_once(receiver: HTTPReceiver) -> None:
    dead = gone_wrong(receiver)
    assert Delivery.objects.given_up().count() == 1
    dismiss_delivery(dead, by=make.ben())
    dismiss_delivery(dead, by=make.ben())
    assert Entry.objects.filter(verb="put_aside", by_name="ben").count() == 1
    assert Delivery.objects.given_up().count() == 0


def test_what_was_put_aside_can_still_be_sent_again(receiver: HTTPReceiver) -> None:
    dead = dismiss_delivery(gone_wrong(receiver), by=make.ben())
    receiver.answer = 200
    replay_delivery(dead, by=make.ben())
    deliver_all_due()
    assert (only_delivery().state, only_delivery().dismissed_at) == ("done", None)


def test_only_what_was_given_up_can_be_put_aside(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    with pytest.raises(NotGivenUp):
        dismiss_delivery(only_delivery(), by=make.ben())


def test_many_go_in_small_portions(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    for number in range(25):
        publish_test_event(f"기사-{number}")
    deliver_all_due()
    weeks_pass()
    assert delete_delivered(older_than=MONTH, batch_size=10) == DeletedCounts(
        deliveries=25, attempts=25, events=25
    )
    assert rows() == (0, 0, 0)


def test_the_command_says_what_is_gone(receiver: HTTPReceiver) -> None:
    """publishing 73"""
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    weeks_pass(10)
    out = io.StringIO()
    call_command("dispatch_tidy", "--days=9", stdout=out)
    assert out.getvalue() == "1 deliveries with 1 attempts and 1 events deleted.\n"


def test_the_command_fails_loudly_when_it_cannot(django_db_blocker: Any) -> None:
    """publishing 73"""

    def broken(execute: Any, sql: str, *rest: Any) -> Any:
        raise DatabaseError("no disk")

    with connection.execute_wrapper(broken), pytest.raises(CommandError, match="no disk"):
        call_command("dispatch_tidy", stdout=io.StringIO())
    with pytest.raises(CommandError, match="one day"):
        call_command("dispatch_tidy", "--days=0", stdout=io.StringIO())


def test_the_clock_tidies_once_a_night_and_says_what_is_gone() -> None:
    assert tidy_outbox() == "0 deliveries with 0 attempts and 0 events deleted"
    entry = app.conf.beat_schedule["tidy-outbox"]
    assert entry["task"] == tidy_outbox.name
    assert entry["schedule"].hour == {4}


def test_how_long_is_kept_is_set_in_days(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert settings.DISPATCH_KEEP_DAYS == 30
    monkeypatch.setenv("DISPATCH_KEEP_DAYS", "7")
    assert read_days("DISPATCH_KEEP_DAYS", default=30) == 7
    for wrong in ("0", "-1", "soon", "1.5"):
        monkeypatch.setenv("DISPATCH_KEEP_DAYS", wrong)
        with pytest.raises(ImproperlyConfigured, match="DISPATCH_KEEP_DAYS"):
            read_days("DISPATCH_KEEP_DAYS", default=30)
