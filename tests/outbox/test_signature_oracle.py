"""The signatures, judged by the reference library of Standard Webhooks, as receivers use it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from outbox.actions import rotate
from outbox.worker import carry_all
from tests.support import make
from tests.support.outbox import hours_pass, subscriber, tell_of
from tests.support.receivers import Got, Receiver

pytestmark = pytest.mark.django_db


def verified(got: Got, secret: str) -> dict[str, Any]:
    found: dict[str, Any] = Webhook(secret).verify(got.body, got.headers)
    return found


def test_the_reference_library_takes_what_we_send(receiver: Receiver) -> None:
    """publishing 75"""
    secret = subscriber(receiver.url).secrets[0]["secret"]
    tell_of("로봇-문", former_slugs=["옛-로봇"])
    carry_all()
    body = verified(receiver.got[0], secret)
    assert (body["type"], body["data"]["slug"]) == ("article.published", "로봇-문")


def test_it_takes_both_secrets_while_one_is_changed_and_no_other(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    former = hook.secrets[0]["secret"]
    latest = rotate(hook, by=make.ben())
    tell_of()
    carry_all()
    [got] = receiver.got
    assert verified(got, former) == verified(got, latest)
    stranger = subscriber(f"{receiver.url}/other").secrets[0]["secret"]
    with pytest.raises(WebhookVerificationError):
        verified(got, stranger)


def test_it_refuses_one_changed_byte(receiver: Receiver) -> None:
    secret = subscriber(receiver.url).secrets[0]["secret"]
    tell_of()
    carry_all()
    [got] = receiver.got
    changed = Got(got.method, got.path, got.headers, got.body.replace(b"published", b"withdrawn"))
    with pytest.raises(WebhookVerificationError):
        verified(changed, secret)


def test_it_takes_an_attempt_that_comes_hours_after_the_event(receiver: Receiver) -> None:
    """Its timestamp is the attempt's: the library refuses what is older than five minutes."""
    secret = subscriber(receiver.url).secrets[0]["secret"]
    tell_of()
    receiver.answer = 500
    carry_all()
    receiver.answer = 200
    with time_machine.travel(timezone.now() + timedelta(hours=9), tick=True):
        hours_pass()
        carry_all()
        first, second = receiver.got
        assert verified(second, secret)["type"] == "article.published"
        with pytest.raises(WebhookVerificationError):
            verified(first, secret)
