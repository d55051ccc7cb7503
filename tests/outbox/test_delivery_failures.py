"""Failing subscribers: when a notification of a person is due."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.actions import claim_failure_notice, disable_subscriber, enable_subscriber
from outbox.models import Delivery, Subscriber
from outbox.retry_policy import WEBHOOK_RETRY_DELAYS
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import make_retries_due, publish_test_event, subscriber

pytestmark = pytest.mark.django_db


def names_needing_notice() -> list[str]:
    return [failing.name for failing in Subscriber.objects.needing_notice(timezone.now())]


def fail_attempts(number: int) -> None:
    for _ in range(number):
        make_retries_due()
        deliver_all_due()


def test_subscriber_that_answers_needs_no_notice(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    assert names_needing_notice() == []


def test_subscriber_that_fails_a_few_times_needs_no_notice(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, name="협력사")
    publish_test_event()
    receiver.answer = 500
    fail_attempts(3)
    assert names_needing_notice() == []
    fail_attempts(1)
    assert names_needing_notice() == ["협력사"]


def test_failing_cache_needs_a_notice_within_minutes(receiver: HTTPReceiver) -> None:
    base = f"http://127.0.0.1:{receiver.port}"
    subscriber(base, name="캐시", kind=Subscriber.Kind.PURGE_HTTP)
    publish_test_event()
    receiver.answer = 500
    fail_attempts(6)
    assert names_needing_notice() == []
    fail_attempts(1)
    assert names_needing_notice() == ["캐시"]


def test_failure_notice_is_claimed_once(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    fail_attempts(5)
    assert claim_failure_notice(hook)
    assert not claim_failure_notice(hook)
    assert names_needing_notice() == []
    fail_attempts(len(WEBHOOK_RETRY_DELAYS))
    assert Delivery.objects.given_up().exists()
    assert names_needing_notice() == []


def test_subscriber_that_fails_again_needs_another_notice(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url, name="협력사")
    publish_test_event()
    receiver.answer = 500
    fail_attempts(5)
    claim_failure_notice(hook)
    receiver.answer = 200
    fail_attempts(1)
    with time_machine.travel(timezone.now() + timedelta(days=7), tick=True):
        publish_test_event("둘째")
        receiver.answer = 500
        fail_attempts(5)
        assert names_needing_notice() == ["협력사"]


def test_flapping_subscriber_needs_at_most_one_notice_a_day(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    for number in range(3):
        publish_test_event(f"기사-{number}")
        receiver.answer = 500
        fail_attempts(5)
        assert claim_failure_notice(hook) is (number == 0)
        receiver.answer = 200
        fail_attempts(1)


def test_subscriber_disabled_by_410_needs_a_notice_at_once(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url, name="떠난 곳")
    receiver.answer = 410
    publish_test_event()
    deliver_all_due()
    assert names_needing_notice() == ["떠난 곳"]
    assert claim_failure_notice(hook)
    assert names_needing_notice() == []


def test_subscriber_disabled_by_a_person_needs_no_notice(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    disable_subscriber(hook, reason="공사", by=make.ben())
    assert names_needing_notice() == []


def test_subscriber_enabled_and_gone_again_needs_another_notice(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    receiver.answer = 410
    for _ in range(2):
        publish_test_event()
        deliver_all_due()
        assert claim_failure_notice(hook)
        enable_subscriber(hook, by=make.ben())
