"""Webhook signatures verify with the reference library of Standard Webhooks."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from outbox.actions import rotate_secret
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest
from tests.support.outbox import make_retries_due, publish_test_event, subscriber

pytestmark = pytest.mark.django_db


def verify(got: ReceivedRequest, secret: str) -> dict[str, Any]:
    payload: dict[str, Any] = Webhook(secret).verify(got.body, got.headers)
    return payload


def test_reference_library_verifies_our_signature(receiver: HTTPReceiver) -> None:
    """publishing 75"""
    secret = subscriber(receiver.url).secrets[0]["secret"]
    publish_test_event("로봇-문", former_slugs=["옛-로봇"])
    deliver_all_due()
    body = verify(receiver.got[0], secret)
    assert (body["type"], body["data"]["slug"]) == ("article.published", "로봇-문")


def test_reference_library_verifies_both_secrets_during_rotation(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    former = hook.secrets[0]["secret"]
    latest = rotate_secret(hook, by=make.ben())
    publish_test_event()
    deliver_all_due()
    [got] = receiver.got
    assert verify(got, former) == verify(got, latest)
    other_secret = subscriber(f"{receiver.url}/other").secrets[0]["secret"]
    with pytest.raises(WebhookVerificationError):
        verify(got, other_secret)


def test_reference_library_refuses_a_changed_byte(receiver: HTTPReceiver) -> None:
    secret = subscriber(receiver.url).secrets[0]["secret"]
    publish_test_event()
    deliver_all_due()
    [got] = receiver.got
    changed = ReceivedRequest(
        got.method, got.path, got.headers, got.body.replace(b"published", b"withdrawn")
    )
    with pytest.raises(WebhookVerificationError):
        verify(changed, secret)


def test_reference_library_verifies_a_retry_hours_after_the_event(receiver: HTTPReceiver) -> None:
    """Its timestamp is the attempt's: the library refuses timestamps older than five minutes."""
    secret = subscriber(receiver.url).secrets[0]["secret"]
    publish_test_event()
    receiver.answer = 500
    deliver_all_due()
    receiver.answer = 200
    with time_machine.travel(timezone.now() + timedelta(hours=9), tick=True):
        make_retries_due()
        deliver_all_due()
        first, second = receiver.got
        assert verify(second, secret)["type"] == "article.published"
        with pytest.raises(WebhookVerificationError):
            verify(first, secret)
