"""Retries, backoff, Retry-After, disabling by 410, and replay."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from outbox.actions import (
    disable_subscriber,
    enable_subscriber,
    replay_delivery,
    replay_events_since,
)
from outbox.errors import SubscriberDisabled
from outbox.models import Delivery
from outbox.retry_policy import (
    PURGE_RETRY_DELAYS,
    WEBHOOK_RETRY_DELAYS,
    backoff,
    parse_retry_after,
    pause_after,
)
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import (
    event_type_and_slug,
    make_retries_due,
    only_delivery,
    publish_test_event,
    subscriber,
)

pytestmark = pytest.mark.django_db
DONE, WAITING, DEAD = Delivery.State.DONE, Delivery.State.WAITING, Delivery.State.DEAD


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_only_2xx_is_success(receiver: HTTPReceiver, status: int) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = status
    deliver_all_due()
    assert only_delivery().state == DONE


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 409, 422, 500, 502, 504, 999])
def test_other_statuses_are_retried(receiver: HTTPReceiver, status: int) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = status
    deliver_all_due()
    delivery = only_delivery()
    assert (delivery.state, delivery.attempt_count) == (WAITING, 1)
    assert delivery.attempts.get().status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_a_failure_and_not_followed(receiver: HTTPReceiver, status: int) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = (status, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}, b"")
    deliver_all_due()
    assert [got.path for got in receiver.got] == ["/hook"]
    assert only_delivery().state == WAITING


def test_410_disables_the_subscriber_and_loses_no_event(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    publish_test_event("하나")
    receiver.answer = 410
    deliver_all_due()
    publish_test_event("둘")
    make_retries_due()
    deliver_all_due()
    hook.refresh_from_db()
    assert len(receiver.got) == 1
    assert hook.disabled_at
    assert "410" in hook.disabled_reason
    receiver.answer = 200
    assert enable_subscriber(hook, by=make.ben()) == 1
    deliver_all_due()
    assert sorted(event_type_and_slug(got)[1] for got in receiver.got) == ["둘", "하나", "하나"]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_pauses_the_whole_subscriber(receiver: HTTPReceiver, status: int) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    receiver.answer = (status, {"Retry-After": "600"}, b"")
    before = timezone.now()
    deliver_all_due()
    hook.refresh_from_db()
    assert hook.paused_until
    assert only_delivery().next_attempt_at >= before + timedelta(seconds=600)
    assert hook.paused_until >= before + timedelta(seconds=600)
    publish_test_event("다른 기사")
    deliver_all_due()
    assert len(receiver.got) == 1


def test_retry_after_is_seconds_or_a_date_and_at_most_a_day() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert parse_retry_after("120", now=now) == timedelta(minutes=2)
    assert parse_retry_after("Sat, 21 Nov 2026 09:05:00 GMT", now=now) == timedelta(minutes=5)
    assert parse_retry_after("Sat, 21 Nov 2026 08:00:00 GMT", now=now) == timedelta()
    assert parse_retry_after("9" * 400, now=now) == timedelta(days=1)
    assert parse_retry_after("Sat, 21 Nov 2099 08:00:00 GMT", now=now) == timedelta(days=1)
    assert [parse_retry_after(text, now=now) for text in ("", "soon", "-5", "1.5", "٣")] == [
        None
    ] * 5


def test_backoff_follows_standard_webhooks_with_jitter() -> None:
    hours = [0, 5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    for number, expected in enumerate(hours, start=1):
        wait = backoff(number, delays=WEBHOOK_RETRY_DELAYS)
        assert wait is not None
        assert expected <= wait / timedelta(hours=1) <= expected * 1.2
    assert backoff(11, delays=WEBHOOK_RETRY_DELAYS) is None
    assert len({backoff(10, delays=WEBHOOK_RETRY_DELAYS) for _ in range(20)}) > 1
    assert PURGE_RETRY_DELAYS[1] == timedelta(seconds=1)
    assert pause_after(1, initial=WEBHOOK_RETRY_DELAYS[1]) == timedelta(seconds=5)
    assert pause_after(99, initial=WEBHOOK_RETRY_DELAYS[1]) == timedelta(minutes=1)


def test_delivery_is_given_up_after_the_last_attempt_and_the_subscriber_is_failing(
    receiver: HTTPReceiver,
) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    receiver.answer = 500
    for _ in WEBHOOK_RETRY_DELAYS:
        make_retries_due()
        deliver_all_due()
    hook.refresh_from_db()
    delivery = only_delivery()
    assert (delivery.state, delivery.attempt_count, len(receiver.got)) == (DEAD, 10, 10)
    assert delivery.settled_at
    assert hook.failing_since
    assert hook.is_active()
    make_retries_due()
    deliver_all_due()
    assert len(receiver.got) == 10
    receiver.answer = 200
    publish_test_event("다음")
    deliver_all_due()
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_delivery_is_replayed_with_the_same_id(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    replay_delivery(only_delivery(), by=make.ben())
    deliver_all_due()
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert only_delivery().attempts.count() == 2


def test_events_since_a_time_are_replayed_in_order(receiver: HTTPReceiver) -> None:
    publish_test_event("앞")
    deliver_all_due()
    hook = subscriber(receiver.url)
    publish_test_event("뒤")
    publish_test_event("뒤", name="article.updated")
    deliver_all_due()
    receiver.got.clear()
    assert replay_events_since(hook, since=timezone.now() - timedelta(hours=1), by=make.ben()) == 3
    deliver_all_due()
    delivered = [event_type_and_slug(got) for got in receiver.got]
    assert ("article.published", "앞") in delivered
    assert delivered.index(("article.published", "뒤")) < delivered.index(("article.updated", "뒤"))


def test_disabled_subscriber_cannot_be_replayed_to(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    disable_subscriber(hook, reason="점검", by=make.ben())
    with pytest.raises(SubscriberDisabled):
        replay_delivery(only_delivery(), by=make.ben())
    assert len(receiver.got) == 1


def test_enabled_subscriber_gets_what_it_missed(receiver: HTTPReceiver) -> None:
    hook = subscriber(receiver.url)
    disable_subscriber(hook, reason="점검", by=make.ben())
    publish_test_event("그동안")
    deliver_all_due()
    assert Delivery.objects.count() == 0
    assert enable_subscriber(hook, by=make.ben()) == 1
    deliver_all_due()
    assert [event_type_and_slug(got)[1] for got in receiver.got] == ["그동안"]
