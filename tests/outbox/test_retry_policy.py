"""What did not arrive is tried again, later, and not for ever; by hand it is sent once more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from outbox.actions import replay, replay_since, switch_off, switch_on
from outbox.errors import SwitchedOff
from outbox.models import Delivery
from outbox.retry_policy import CACHE, WEBHOOK, rest_after, wait_before, wished_wait
from outbox.worker import carry_all
from tests.support import make
from tests.support.outbox import hours_pass, only_delivery, said, subscriber, tell_of
from tests.support.receivers import Receiver

pytestmark = pytest.mark.django_db
DONE, WAITING, DEAD = Delivery.State.DONE, Delivery.State.WAITING, Delivery.State.DEAD


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_alone_is_success(receiver: Receiver, status: int) -> None:
    subscriber(receiver.url)
    tell_of()
    receiver.answer = status
    carry_all()
    assert only_delivery().state == DONE


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 409, 422, 500, 502, 504, 999])
def test_anything_else_is_tried_again(receiver: Receiver, status: int) -> None:
    subscriber(receiver.url)
    tell_of()
    receiver.answer = status
    carry_all()
    delivery = only_delivery()
    assert (delivery.state, delivery.tries) == (WAITING, 1)
    assert delivery.attempts.get().status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_never_followed(receiver: Receiver, status: int) -> None:
    subscriber(receiver.url)
    tell_of()
    receiver.answer = (status, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}, b"")
    carry_all()
    assert [got.path for got in receiver.got] == ["/hook"]
    assert only_delivery().state == WAITING


def test_410_switches_the_subscriber_off_and_loses_nothing(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    tell_of("하나")
    receiver.answer = 410
    carry_all()
    tell_of("둘")
    hours_pass()
    carry_all()
    hook.refresh_from_db()
    assert len(receiver.got) == 1
    assert hook.disabled_at
    assert "410" in hook.disabled_reason
    receiver.answer = 200
    assert switch_on(hook, by=make.ben()) == 1
    carry_all()
    assert sorted(said(got)[1] for got in receiver.got) == ["둘", "하나", "하나"]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_for_the_whole_subscriber(receiver: Receiver, status: int) -> None:
    hook = subscriber(receiver.url)
    tell_of()
    receiver.answer = (status, {"Retry-After": "600"}, b"")
    before = timezone.now()
    carry_all()
    hook.refresh_from_db()
    assert hook.rest_until
    assert only_delivery().next_at >= before + timedelta(seconds=600)
    assert hook.rest_until >= before + timedelta(seconds=600)
    tell_of("다른 기사")
    carry_all()
    assert len(receiver.got) == 1


def test_retry_after_is_read_as_seconds_or_as_a_date_and_never_longer_than_a_day() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert wished_wait("120", now=now) == timedelta(minutes=2)
    assert wished_wait("Sat, 21 Nov 2026 09:05:00 GMT", now=now) == timedelta(minutes=5)
    assert wished_wait("Sat, 21 Nov 2026 08:00:00 GMT", now=now) == timedelta()
    assert wished_wait("9" * 400, now=now) == timedelta(days=1)
    assert wished_wait("Sat, 21 Nov 2099 08:00:00 GMT", now=now) == timedelta(days=1)
    assert [wished_wait(text, now=now) for text in ("", "soon", "-5", "1.5", "٣")] == [None] * 5


def test_the_waits_are_those_of_the_specification_and_vary_by_chance() -> None:
    hours = [0, 5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    for number, wanted in enumerate(hours, start=1):
        wait = wait_before(number, schedule=WEBHOOK)
        assert wait is not None
        assert wanted <= wait / timedelta(hours=1) <= wanted * 1.2
    assert wait_before(11, schedule=WEBHOOK) is None
    assert len({wait_before(10, schedule=WEBHOOK) for _ in range(20)}) > 1
    assert CACHE[1] == timedelta(seconds=1)
    assert rest_after(1, first=WEBHOOK[1]) == timedelta(seconds=5)
    assert rest_after(99, first=WEBHOOK[1]) == timedelta(minutes=1)


def test_after_the_last_attempt_it_is_given_up_and_the_subscriber_is_failing(
    receiver: Receiver,
) -> None:
    hook = subscriber(receiver.url)
    tell_of()
    receiver.answer = 500
    for _ in WEBHOOK:
        hours_pass()
        carry_all()
    hook.refresh_from_db()
    delivery = only_delivery()
    assert (delivery.state, delivery.tries, len(receiver.got)) == (DEAD, 10, 10)
    assert delivery.settled_at
    assert hook.failing_since
    assert hook.is_active()
    hours_pass()
    carry_all()
    assert len(receiver.got) == 10
    receiver.answer = 200
    tell_of("다음")
    carry_all()
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_one_delivery_is_sent_again_by_hand_with_the_same_id(receiver: Receiver) -> None:
    subscriber(receiver.url)
    tell_of()
    carry_all()
    replay(only_delivery(), by=make.ben())
    carry_all()
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert only_delivery().attempts.count() == 2


def test_everything_since_a_moment_is_sent_again_in_order(receiver: Receiver) -> None:
    tell_of("앞")
    carry_all()
    hook = subscriber(receiver.url)
    tell_of("뒤")
    tell_of("뒤", name="article.updated")
    carry_all()
    receiver.got.clear()
    assert replay_since(hook, since=timezone.now() - timedelta(hours=1), by=make.ben()) == 3
    carry_all()
    told = [said(got) for got in receiver.got]
    assert ("article.published", "앞") in told
    assert told.index(("article.published", "뒤")) < told.index(("article.updated", "뒤"))


def test_a_subscriber_that_is_off_is_not_sent_anything_by_hand(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    tell_of()
    carry_all()
    switch_off(hook, reason="점검", by=make.ben())
    with pytest.raises(SwitchedOff):
        replay(only_delivery(), by=make.ben())
    assert len(receiver.got) == 1


def test_switched_on_again_it_gets_what_it_missed(receiver: Receiver) -> None:
    hook = subscriber(receiver.url)
    switch_off(hook, reason="점검", by=make.ben())
    tell_of("그동안")
    carry_all()
    assert Delivery.objects.count() == 0
    assert switch_on(hook, by=make.ben()) == 1
    carry_all()
    assert [said(got)[1] for got in receiver.got] == ["그동안"]
