"""A subscriber in trouble is told to a person, once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.actions import claim_failure_notice, disable_subscriber, enable_subscriber
from outbox.models import Delivery, Subscriber
from outbox.retry_policy import WEBHOOK_RETRY_DELAYS
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.outbox import make_retries_due, publish_test_event, subscriber
from tests.support.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db


def to_tell() -> list[str]:
    return [found.name for found in Subscriber.objects.needing_notice(timezone.now())]


def attempts(number: int) -> None:
    for _ in range(number):
        make_retries_due()
        deliver_all_due()


def test_one_that_answers_is_no_trouble(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    assert to_tell() == []


def test_one_that_fails_a_few_times_is_no_trouble_yet(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, name="협력사")
    publish_test_event()
    receiver.answer = 500
    attempts(3)
    assert to_tell() == []
    attempts(1)
    assert to_tell() == ["협력사"]


def test_a_cache_is_trouble_within_minutes(receiver: HTTPReceiver) -> None:
    base = f"http://127.0.0.1:{receiver.port}"
    subscriber(base, name="캐시", kind=Subscriber.Kind.PURGE_HTTP)
    publish_test_event()
    receiver.answer = 500
    attempts(6)
    assert to_tell() == []
    attempts(1)
    assert to_tell() == ["캐시"]


def test_a_person_is_told_once(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    attempts(5)
    assert claim_failure_notice(hook)
    assert not claim_failure_notice(hook)
    assert to_tell() == []
    attempts(len(WEBHOOK_RETRY_DELAYS))
    assert Delivery.objects.given_up().exists()
    assert to_tell() == []


def test_one_that_failed_again_the_next_week_is_told_again(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url, name="협력사")
    publish_test_event()
    receiver.answer = 500
    attempts(5)
    claim_failure_notice(hook)
    receiver.answer = 200
    attempts(1)
    with time_machine.travel(timezone.now() + timedelta(days=7), tick=True):
        publish_test_event("둘째")
        receiver.answer = 500
        attempts(5)
        assert to_tell() == ["협력사"]


def test_one_that_comes_and_goes_is_told_once_a_day(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    for number in range(3):
        publish_test_event(f"기사-{number}")
        receiver.answer = 500
        attempts(5)
        assert claim_failure_notice(hook) is (number == 0)
        receiver.answer = 200
        attempts(1)


def test_one_that_switched_itself_off_is_told_at_once(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url, name="떠난 곳")
    receiver.answer = 410
    publish_test_event()
    deliver_all_due()
    assert to_tell() == ["떠난 곳"]
    assert claim_failure_notice(hook)
    assert to_tell() == []


def test_one_that_a_person_switched_off_is_no_news(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    disable_subscriber(hook, reason="공사", by=make.ben())
    assert to_tell() == []


def test_one_that_was_switched_on_and_left_again_is_told_again(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    receiver.answer = 410
    for _ in range(2):
        publish_test_event()
        deliver_all_due()
        assert claim_failure_notice(hook)
        enable_subscriber(hook, by=make.ben())
