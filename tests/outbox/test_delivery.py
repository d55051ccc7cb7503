"""Delivery to webhooks: signed, at least once, in the order of each key."""

import base64
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from desk.actions import withdraw
from outbox.actions import rotate_secret
from outbox.event_types import EVENT_TYPES, EventType
from outbox.models import Attempt, Delivery, Event, Subscriber
from outbox.retry_policy import WEBHOOK_RETRY_DELAYS
from outbox.signing import is_valid_secret, new_secret, signature_header
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest, running_receiver
from tests.support.outbox import (
    event_type_and_slug,
    is_signed,
    make_retries_due,
    only_delivery,
    publish_test_event,
    subscriber,
)

pytestmark = pytest.mark.django_db
DONE, WAITING, DEAD = Delivery.State.DONE, Delivery.State.WAITING, Delivery.State.DEAD


def test_published_article_is_delivered_with_a_thin_payload(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    article = make.live(deck="아무에게도 말하지 않은 부제")
    deliver_all_due()
    [got] = receiver.got
    event = Event.objects.get(name="article.published")
    assert (got.method, got.path) == ("POST", "/hook")
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == f"msg_{event.uid.hex}"
    assert json.loads(got.body) == {
        "type": "article.published",
        "timestamp": event.at.isoformat(),
        "data": event.data,
    }
    assert json.loads(got.body)["data"]["slug"] == article.slug
    assert "아무에게도" not in got.body.decode()


def test_no_event_is_delivered_for_a_draft_or_a_scheduled_release(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    make.draft()
    make.planned()
    deliver_all_due()
    assert receiver.got == []


@pytest.mark.django_db(transaction=True)
def test_uncommitted_event_is_not_delivered(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    with transaction.atomic():
        publish_test_event()
        transaction.set_rollback(True)
    deliver_all_due()
    assert (receiver.got, Event.objects.count()) == ([], 0)


def test_webhook_signature_covers_the_exact_body(receiver: HTTPReceiver) -> None:
    secret = subscriber(receiver.url).secrets[0]["secret"]
    publish_test_event("한글-주소")
    deliver_all_due()
    [got] = receiver.got
    assert is_signed(got, secret)
    assert not is_signed(got, new_secret())
    assert not is_signed(
        ReceivedRequest(got.method, got.path, got.headers, got.body + b" "), secret
    )


def test_signature_matches_the_example_of_standard_webhooks() -> None:
    signed = signature_header(
        b'{"test": 2432232314}',
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_signing_secret_is_random_and_long_enough() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32
    assert is_valid_secret(one)
    assert not any(is_valid_secret(text) for text in ("whsec_c2hvcnQ=", "whsec_%%", one[6:], ""))


def test_both_secrets_sign_during_rotation(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    former = hook.secrets[0]["secret"]
    latest = rotate_secret(hook, by=make.ben())
    publish_test_event()
    deliver_all_due()
    [got] = receiver.got
    assert is_signed(got, former)
    assert is_signed(got, latest)
    assert len(got.headers["webhook-signature"].split(" ")) == 2


def test_former_secret_stops_signing_after_a_day(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    former = hook.secrets[0]["secret"]
    latest = rotate_secret(hook, by=make.ben())
    hook.refresh_from_db()
    tomorrow = timezone.now() + timedelta(hours=25)
    assert hook.secrets_at(tomorrow) == [latest]
    assert hook.secrets_at(timezone.now()) == [latest, former]


def test_retry_keeps_id_and_body_with_its_own_timestamp(
    receiver: HTTPReceiver,
) -> None:
    secret = subscriber(receiver.url).secrets[0]["secret"]
    publish_test_event()
    receiver.answer = 500
    deliver_all_due()
    receiver.answer = 200
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):  # the timestamp counts seconds
        make_retries_due()
        deliver_all_due()
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert "." not in first.headers["webhook-id"]
    assert first.body == second.body
    assert int(first.headers["webhook-timestamp"]) < int(second.headers["webhook-timestamp"])
    assert is_signed(first, secret)
    assert is_signed(second, secret)
    assert only_delivery().state == DONE


def test_later_event_of_a_key_waits_for_the_earlier_one_and_others_do_not(
    receiver: HTTPReceiver,
) -> None:
    subscriber(receiver.url)
    publish_test_event("하나")
    publish_test_event("하나", name="article.updated")
    publish_test_event("둘")
    receiver.answer = lambda got: 500 if "하나" in got.body.decode() else 200
    deliver_all_due()
    assert sorted(event_type_and_slug(got) for got in receiver.got) == [
        ("article.published", "둘"),
        ("article.published", "하나"),
    ]
    receiver.answer = 200
    make_retries_due()
    deliver_all_due()
    assert [event_type_and_slug(got) for got in receiver.got[2:]] == [
        ("article.published", "하나"),
        ("article.updated", "하나"),
    ]


def test_delivery_given_up_releases_the_next_of_its_key(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    publish_test_event(name="article.updated")
    receiver.answer = lambda got: 500 if "published" in got.body.decode() else 200
    for _ in WEBHOOK_RETRY_DELAYS:
        make_retries_due()
        deliver_all_due()
    deliver_all_due()
    assert event_type_and_slug(receiver.got[-1]) == ("article.updated", "로봇")
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["dead", "done"]


def test_many_articles_are_delivered_each_in_order(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    names = ["article.published", "article.updated", "article.corrected", "article.withdrawn"]
    for name in names:
        for number in range(12):
            publish_test_event(f"기사-{number}", name=name)
    deliver_all_due()
    for number in range(12):
        delivered = [
            event_type_and_slug(got)[0]
            for got in receiver.got
            if event_type_and_slug(got)[1] == f"기사-{number}"
        ]
        assert delivered == names


def test_a_subscriber_gets_only_events_that_match_its_patterns(
    receiver: HTTPReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EVENT_TYPES, "comments.x", EventType("comments.x"))
    subscriber(receiver.url, events=["article.withdrawn", "comment.*"])
    for name in (
        "article.published",
        "article.withdrawn",
        "comment.posted",
        "comments.x",
        "poll.closed",
    ):
        publish_test_event(name=name)
    deliver_all_due()
    assert sorted(event_type_and_slug(got)[0] for got in receiver.got) == [
        "article.withdrawn",
        "comment.posted",
    ]


def test_new_subscriber_gets_events_from_now_on(receiver: HTTPReceiver) -> None:
    publish_test_event("어제")
    deliver_all_due()
    subscriber(receiver.url)
    publish_test_event("오늘")
    deliver_all_due()
    assert [event_type_and_slug(got)[1] for got in receiver.got] == ["오늘"]


def test_unreachable_subscriber_does_not_delay_the_others(
    receiver: HTTPReceiver, settings: Any
) -> None:
    with running_receiver() as gone:
        settings.OUTBOX_EXTRA_PORTS = [receiver.port, gone.port]
        dead = subscriber(gone.url)
    subscriber(receiver.url)
    for number in range(30):
        publish_test_event(f"기사-{number}")
    deliver_all_due()
    dead.refresh_from_db()
    assert len(receiver.got) == 30
    assert Attempt.objects.filter(delivery__subscriber=dead).count() <= 4
    assert dead.paused_until
    assert dead.failures >= 1


def test_withdrawal_is_delivered_to_a_webhook(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    article: Article = make.live()
    withdraw(article, notice="사실과 달라 내립니다.", by=make.ben())
    deliver_all_due()
    delivered = [event_type_and_slug(got) for got in receiver.got]
    assert delivered == [("article.published", article.slug), ("article.withdrawn", article.slug)]


def test_attempt_keeps_the_beginning_of_the_response(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = (400, {}, ("<b>틀렸습니다\x00\x1b</b>" * 9000).encode())
    deliver_all_due()
    attempt = Attempt.objects.get()
    assert attempt.status == 400
    assert len(attempt.excerpt) == 500
    assert "\x00" not in attempt.excerpt
    assert attempt.duration_ms >= 0


def test_refused_connection_is_an_error_of_the_attempt(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    receiver.server.shutdown()
    receiver.server.server_close()
    publish_test_event()
    deliver_all_due()
    attempt = Attempt.objects.get()
    assert attempt.status is None
    assert "ConnectionRefusedError" in attempt.error


def test_host_that_now_resolves_to_a_private_address_is_not_called(
    receiver: HTTPReceiver, settings: Any
) -> None:
    subscriber(receiver.url)
    settings.OUTBOX_PRIVATE_NETWORKS = []
    publish_test_event()
    deliver_all_due()
    assert receiver.got == []
    assert "127.0.0.1" in Attempt.objects.get().error
    assert only_delivery().state == WAITING


def test_signing_secrets_are_in_no_event_or_log(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    secret = hook.secrets[0]["secret"]
    publish_test_event()
    receiver.answer = 500
    deliver_all_due()
    [got] = receiver.got
    assert secret not in f"{got.headers}{got.body!r}{Attempt.objects.get().__dict__}{hook}"
    assert not re.search("whsec", str(got.headers))
    assert Subscriber.objects.get().secrets[0]["secret"] == secret
