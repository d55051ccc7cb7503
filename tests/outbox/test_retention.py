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
from newsroom.conf.environment import days
from outbox.actions import Tidied, put_aside, replay, switch_off, switch_on, tidy
from outbox.errors import NotGivenUp
from outbox.models import Attempt, Delivery, Event
from outbox.retry_policy import WEBHOOK
from outbox.tasks import tidy_outbox
from outbox.worker import carry_all
from tests.support import make
from tests.support.outbox import hours_pass, only_delivery, subscriber, tell_of
from tests.support.receivers import Receiver

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def weeks_pass(days: int = 31) -> None:
    """Everything that is in the outbox happened so many days earlier."""
    for event in Event.objects.all():
        Event.objects.filter(pk=event.pk).update(
            at=event.at - timedelta(days=days),
            addressed_at=event.addressed_at and event.addressed_at - timedelta(days=days),
        )
    for delivery in Delivery.objects.all():
        Delivery.objects.filter(pk=delivery.pk).update(
            settled_at=delivery.settled_at and delivery.settled_at - timedelta(days=days),
            looked_at=delivery.looked_at and delivery.looked_at - timedelta(days=days),
        )


def rows() -> tuple[int, int, int]:
    return Delivery.objects.count(), Attempt.objects.count(), Event.objects.count()


def gone_wrong(receiver: Receiver) -> Delivery:
    """A delivery that was given up."""
    subscriber(receiver.url)
    tell_of()
    receiver.answer = 500
    for _ in WEBHOOK:
        hours_pass()
        carry_all()
    assert only_delivery().state == "dead"
    return only_delivery()


def test_what_arrived_a_month_ago_is_forgotten_with_its_attempts(receiver: Receiver) -> None:
    subscriber(receiver.url)
    tell_of("하나")
    tell_of("둘")
    carry_all()
    weeks_pass()
    tell_of("오늘")
    carry_all()
    assert tidy(keep=MONTH) == Tidied(deliveries=2, attempts=2, events=2)
    assert rows() == (1, 1, 1)


def test_what_arrived_yesterday_stays(receiver: Receiver) -> None:
    subscriber(receiver.url)
    tell_of()
    carry_all()
    weeks_pass(29)
    assert tidy(keep=MONTH) == Tidied()
    assert rows() == (1, 1, 1)


def test_what_waits_is_never_forgotten(receiver: Receiver) -> None:
    subscriber(receiver.url)
    tell_of()
    receiver.answer = 500
    carry_all()
    weeks_pass(400)
    assert tidy(keep=MONTH) == Tidied()
    hours_pass()
    receiver.answer = 200
    carry_all()
    assert only_delivery().state == "done"


def test_an_event_that_nobody_has_sorted_stays() -> None:
    tell_of()
    weeks_pass(400)
    assert tidy(keep=MONTH) == Tidied()
    assert Event.objects.count() == 1


def test_an_event_that_nobody_wanted_goes() -> None:
    tell_of()
    carry_all()
    weeks_pass()
    assert tidy(keep=MONTH) == Tidied(events=1)


def test_what_one_subscriber_still_waits_for_stays_though_the_other_has_it(
    receiver: Receiver,
) -> None:
    subscriber(receiver.url)
    subscriber(f"{receiver.url}/slow")
    receiver.answer = lambda got: 500 if got.path.endswith("slow") else 200
    tell_of()
    carry_all()
    weeks_pass()
    assert tidy(keep=MONTH) == Tidied(deliveries=1, attempts=1)
    assert Event.objects.count() == 1


def test_what_a_subscriber_misses_while_it_is_off_is_kept_for_it(receiver: Receiver) -> None:
    hook = subscriber(receiver.url, events=["article.*"])
    switch_off(hook, reason="공사", by=make.ben())
    type(hook).objects.update(disabled_at=timezone.now() - timedelta(days=40))
    tell_of("보관")
    tell_of(name="comment.posted")
    carry_all()
    weeks_pass(35)
    assert tidy(keep=MONTH) == Tidied(events=1)
    assert switch_on(hook, by=make.ben()) == 1
    carry_all()
    assert "보관" in receiver.got[0].body.decode()


def test_what_was_given_up_stays_until_a_person_has_seen_it(receiver: Receiver) -> None:
    dead = gone_wrong(receiver)
    weeks_pass(400)
    assert tidy(keep=MONTH) == Tidied()
    put_aside(dead, by=make.ben())
    assert tidy(keep=MONTH) == Tidied()
    weeks_pass()
    assert tidy(keep=MONTH) == Tidied(deliveries=1, attempts=len(WEBHOOK), events=1)


def test_putting_aside_is_in_the_audit_log_once(receiver: Receiver) -> None:
    dead = gone_wrong(receiver)
    assert Delivery.objects.given_up().count() == 1
    put_aside(dead, by=make.ben())
    put_aside(dead, by=make.ben())
    assert Entry.objects.filter(verb="put_aside", by_name="ben").count() == 1
    assert Delivery.objects.given_up().count() == 0


def test_what_was_put_aside_can_still_be_sent_again(receiver: Receiver) -> None:
    dead = put_aside(gone_wrong(receiver), by=make.ben())
    receiver.answer = 200
    replay(dead, by=make.ben())
    carry_all()
    assert (only_delivery().state, only_delivery().looked_at) == ("done", None)


def test_only_what_was_given_up_can_be_put_aside(receiver: Receiver) -> None:
    subscriber(receiver.url)
    tell_of()
    carry_all()
    with pytest.raises(NotGivenUp):
        put_aside(only_delivery(), by=make.ben())


def test_many_go_in_small_portions(receiver: Receiver) -> None:
    subscriber(receiver.url)
    for number in range(25):
        tell_of(f"기사-{number}")
    carry_all()
    weeks_pass()
    assert tidy(keep=MONTH, at_once=10) == Tidied(deliveries=25, attempts=25, events=25)
    assert rows() == (0, 0, 0)


def test_the_command_says_what_is_gone(receiver: Receiver) -> None:
    """publishing 73"""
    subscriber(receiver.url)
    tell_of()
    carry_all()
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
    assert days("DISPATCH_KEEP_DAYS", default=30) == 7
    for wrong in ("0", "-1", "soon", "1.5"):
        monkeypatch.setenv("DISPATCH_KEEP_DAYS", wrong)
        with pytest.raises(ImproperlyConfigured, match="DISPATCH_KEEP_DAYS"):
            days("DISPATCH_KEEP_DAYS", default=30)
