"""A subscriber in trouble is told to a person, once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.actions import note_told, switch_off, switch_on
from outbox.models import Delivery, Subscriber
from outbox.retry_policy import WEBHOOK
from outbox.worker import carry_all
from tests.support import make
from tests.support.outbox import hours_pass, subscriber, tell_of
from tests.support.receivers import Receiver

pytestmark = pytest.mark.django_db


def to_tell() -> list[str]:
    return [found.name for found in Subscriber.objects.to_tell(timezone.now())]


def attempts(number: int) -> None:
    for _ in range(number):
        hours_pass()
        carry_all()


def test_one_that_answers_is_no_trouble(receiver: Receiver) -> None:
    subscriber(receiver.url)
    tell_of()
    carry_all()
    assert to_tell() == []


def test_one_that_fails_a_few_times_is_no_trouble_yet(receiver: Receiver) -> None:
    subscriber(receiver.url, name="협력사")
    tell_of()
    receiver.answer = 500
    attempts(3)
    assert to_tell() == []
    attempts(1)
    assert to_tell() == ["협력사"]


def test_a_cache_is_trouble_within_minutes(receiver: Receiver) -> None:
    base = f"http://127.0.0.1:{receiver.port}"
    subscriber(base, name="캐시", kind=Subscriber.Kind.PURGE_HTTP)
    tell_of()
    receiver.answer = 500
    attempts(6)
    assert to_tell() == []
    attempts(1)
    assert to_tell() == ["캐시"]


def test_a_person_is_told_once(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    tell_of()
    receiver.answer = 500
    attempts(5)
    assert note_told(hook)
    assert not note_told(hook)
    assert to_tell() == []
    attempts(len(WEBHOOK))
    assert Delivery.objects.given_up().exists()
    assert to_tell() == []


def test_one_that_failed_again_the_next_week_is_told_again(receiver: Receiver) -> None:
    hook = subscriber(receiver.url, name="협력사")
    tell_of()
    receiver.answer = 500
    attempts(5)
    note_told(hook)
    receiver.answer = 200
    attempts(1)
    with time_machine.travel(timezone.now() + timedelta(days=7), tick=True):
        tell_of("둘째")
        receiver.answer = 500
        attempts(5)
        assert to_tell() == ["협력사"]


def test_one_that_comes_and_goes_is_told_once_a_day(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    for number in range(3):
        tell_of(f"기사-{number}")
        receiver.answer = 500
        attempts(5)
        assert note_told(hook) is (number == 0)
        receiver.answer = 200
        attempts(1)


def test_one_that_switched_itself_off_is_told_at_once(receiver: Receiver) -> None:
    hook = subscriber(receiver.url, name="떠난 곳")
    receiver.answer = 410
    tell_of()
    carry_all()
    assert to_tell() == ["떠난 곳"]
    assert note_told(hook)
    assert to_tell() == []


def test_one_that_a_person_switched_off_is_no_news(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    switch_off(hook, reason="공사", by=make.ben())
    assert to_tell() == []


def test_one_that_was_switched_on_and_left_again_is_told_again(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    receiver.answer = 410
    for _ in range(2):
        tell_of()
        carry_all()
        assert note_told(hook)
        switch_on(hook, by=make.ben())
