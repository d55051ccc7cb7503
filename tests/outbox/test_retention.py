"""Retention: what was delivered long ago is deleted, and nothing else."""

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
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import make_retries_due, only_delivery, publish_test_event, subscriber

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def age_outbox(days: int = 31) -> None:
    """Move everything in the outbox so many days into the past."""
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


def count_rows() -> tuple[int, int, int]:
    return Delivery.objects.count(), Attempt.objects.count(), Event.objects.count()


def give_up_delivery(receiver: HTTPReceiver) -> Delivery:
    """A delivery that was given up."""
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    for _ in WEBHOOK_RETRY_DELAYS:
        make_retries_due()
        deliver_all_due()
    assert only_delivery().state == "dead"
    return only_delivery()


def test_deliveries_of_a_month_ago_are_deleted_with_their_attempts(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event("하나")
    publish_test_event("둘")
    deliver_all_due()
    age_outbox()
    publish_test_event("오늘")
    deliver_all_due()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(deliveries=2, attempts=2, events=2)
    assert count_rows() == (1, 1, 1)


def test_recent_deliveries_are_not_deleted(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    age_outbox(29)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    assert count_rows() == (1, 1, 1)


def test_waiting_deliveries_are_never_deleted(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    deliver_all_due()
    age_outbox(400)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    make_retries_due()
    receiver.answer = 200
    deliver_all_due()
    assert only_delivery().state == "done"


def test_event_that_is_not_fanned_out_is_not_deleted() -> None:
    publish_test_event()
    age_outbox(400)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    assert Event.objects.count() == 1


def test_event_without_subscriber_is_deleted() -> None:
    publish_test_event()
    deliver_all_due()
    age_outbox()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(events=1)


def test_event_waiting_for_one_of_two_subscribers_is_not_deleted(
    receiver: HTTPReceiver,
) -> None:
    subscriber(receiver.url)
    subscriber(f"{receiver.url}/slow")
    receiver.answer = lambda got: 500 if got.path.endswith("slow") else 200
    publish_test_event()
    deliver_all_due()
    age_outbox()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(deliveries=1, attempts=1)
    assert Event.objects.count() == 1


def test_events_missed_by_a_disabled_subscriber_are_not_deleted(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url, events=["article.*"])
    disable_subscriber(hook, reason="공사", by=make.ben())
    type(hook).objects.update(disabled_at=timezone.now() - timedelta(days=40))
    publish_test_event("보관")
    publish_test_event(name="comment.posted")
    deliver_all_due()
    age_outbox(35)
    assert delete_delivered(older_than=MONTH) == DeletedCounts(events=1)
    assert enable_subscriber(hook, by=make.ben()) == 1
    deliver_all_due()
    assert "보관" in receiver.got[0].body.decode()


def test_delivery_given_up_is_not_deleted_until_dismissed(receiver: HTTPReceiver) -> None:
    dead = give_up_delivery(receiver)
    age_outbox(400)
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    dismiss_delivery(dead, by=make.ben())
    assert delete_delivered(older_than=MONTH) == DeletedCounts()
    age_outbox()
    assert delete_delivered(older_than=MONTH) == DeletedCounts(
        deliveries=1, attempts=len(WEBHOOK_RETRY_DELAYS), events=1
    )


def test_dismissal_is_audited_once(receiver: HTTPReceiver) -> None:
    dead = give_up_delivery(receiver)
    assert Delivery.objects.given_up().count() == 1
    dismiss_delivery(dead, by=make.ben())
    dismiss_delivery(dead, by=make.ben())
    assert Entry.objects.filter(verb="put_aside", by_name="ben").count() == 1
    assert Delivery.objects.given_up().count() == 0


def test_dismissed_delivery_can_be_replayed(receiver: HTTPReceiver) -> None:
    dead = dismiss_delivery(give_up_delivery(receiver), by=make.ben())
    receiver.answer = 200
    replay_delivery(dead, by=make.ben())
    deliver_all_due()
    assert (only_delivery().state, only_delivery().dismissed_at) == ("done", None)


def test_only_deliveries_given_up_can_be_dismissed(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    with pytest.raises(NotGivenUp):
        dismiss_delivery(only_delivery(), by=make.ben())


def test_many_rows_are_deleted_in_small_batches(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    for number in range(25):
        publish_test_event(f"기사-{number}")
    deliver_all_due()
    age_outbox()
    assert delete_delivered(older_than=MONTH, batch_size=10) == DeletedCounts(
        deliveries=25, attempts=25, events=25
    )
    assert count_rows() == (0, 0, 0)


def test_dispatch_tidy_command_reports_deleted_rows(receiver: HTTPReceiver) -> None:
    """publishing 73"""
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    age_outbox(10)
    out = io.StringIO()
    call_command("dispatch_tidy", "--days=9", stdout=out)
    assert out.getvalue() == "1 deliveries with 1 attempts and 1 events deleted.\n"


def test_dispatch_tidy_command_fails_when_the_database_does(django_db_blocker: Any) -> None:
    """publishing 73"""

    def broken(execute: Any, sql: str, *rest: Any) -> Any:
        raise DatabaseError("no disk")

    with connection.execute_wrapper(broken), pytest.raises(CommandError, match="no disk"):
        call_command("dispatch_tidy", stdout=io.StringIO())
    with pytest.raises(CommandError, match="one day"):
        call_command("dispatch_tidy", "--days=0", stdout=io.StringIO())


def test_retention_task_runs_once_a_night() -> None:
    assert tidy_outbox() == "0 deliveries with 0 attempts and 0 events deleted"
    entry = app.conf.beat_schedule["tidy-outbox"]
    assert entry["task"] == tidy_outbox.name
    assert entry["schedule"].hour == {4}


def test_retention_is_set_in_days(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert settings.OUTBOX_RETENTION_DAYS == 30
    monkeypatch.setenv("OUTBOX_RETENTION_DAYS", "7")
    assert read_days("OUTBOX_RETENTION_DAYS", default=30) == 7
    for wrong in ("0", "-1", "soon", "1.5"):
        monkeypatch.setenv("OUTBOX_RETENTION_DAYS", wrong)
        with pytest.raises(ImproperlyConfigured, match="OUTBOX_RETENTION_DAYS"):
            read_days("OUTBOX_RETENTION_DAYS", default=30)
