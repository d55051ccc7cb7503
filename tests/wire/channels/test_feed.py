"""Feeds: conditional GET, redirects, limits, back-off; the whole feed is the delivery."""

import gzip
import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest, ReceiverResponse
from tests.wire.channels.conftest import Killed, NewChannel, dying_before_statement
from tests.wire.channels.test_folder import fetched
from wire.actions.channels import fetch_due_channel
from wire.actions.intake import MAX_DELIVERY_BYTES
from wire.channel_errors import ChannelRefused
from wire.models import Channel, Delivery
from wire.transports.feed import fetch_feed

pytestmark = pytest.mark.django_db


def feed(*headlines: str) -> bytes:
    items = "".join(f"<item><title>{headline}</title></item>" for headline in headlines)
    return f"<rss version='2.0'><channel><title>가상통신</title>{items}</channel></rss>".encode()


def sent(body: bytes, **headers: str) -> ReceiverResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return 200, {"Content-Type": "application/rss+xml", **named}, body


@pytest.fixture
def channel(receiver: HTTPReceiver, new_channel: NewChannel) -> Channel:
    return new_channel("feed", f"http://127.0.0.1:{receiver.port}/소식.xml")


def test_a_feed_is_stored_as_it_came_and_asked_for_conditionally(
    channel: Channel, receiver: HTTPReceiver
) -> None:
    validators = {"ETag": '"one"', "Last_Modified": "Thu, 01 Oct 2026 00:00:00 GMT"}
    receiver.answer = sent(feed("하나"), **validators)
    assert len(fetched(channel).new) == 1
    receiver.answer = 304
    assert (fetched(channel).new, fetched(channel).known) == ([], 1)
    assert "if-none-match" not in receiver.got[0].headers
    assert receiver.got[1].headers["if-none-match"] == '"one"'
    assert receiver.got[1].headers["if-modified-since"] == validators["Last_Modified"]
    delivery = Delivery.objects.get()
    assert bytes(delivery.raw) == feed("하나")
    assert delivery.content_type == "application/rss+xml"


def test_a_feed_without_validators_is_stored_when_it_changes_also_back(
    channel: Channel, receiver: HTTPReceiver
) -> None:
    for body in (feed("하나"), feed("하나"), feed("둘", "하나"), feed("하나")):
        receiver.answer = sent(body)
        fetched(channel)
    stored = [bytes(row.raw) for row in Delivery.objects.order_by("pk")]
    assert stored == [feed("하나"), feed("둘", "하나"), feed("하나")]


def test_redirects_are_followed_under_guard_without_credentials(
    channel: Channel, receiver: HTTPReceiver
) -> None:
    def lead(request: ReceivedRequest) -> ReceiverResponse:
        if request.path != "/new.xml":
            return 301, {"Location": f"http://localhost:{receiver.port}/new.xml"}, b""
        return sent(gzip.compress(feed("하나")), Content_Encoding="gzip")

    receiver.answer = lead
    response = fetch_feed(
        f"http://127.0.0.1:{receiver.port}/", username="ada", password="x", max_bytes=10_000
    )
    assert response.body == feed("하나")
    first, second = receiver.got
    assert first.headers["authorization"].startswith("Basic ")
    assert "authorization" not in second.headers
    receiver.answer = (302, {"Location": "http://169.254.169.254/latest"}, b"")
    assert "169.254.169.254" in str(fetched(channel).error)
    receiver.answer = (302, {"Location": "/again"}, b"")
    assert "리다이렉트" in str(fetched(channel).error)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (404, "이 주소에는 피드가 없습니다"),
        (410, "문을 닫았습니다"),
        (500, "HTTP 500"),
        (sent(b"x" * (MAX_DELIVERY_BYTES + 1)), "바이트보다 큽니다"),
        (sent(gzip.compress(b"0" * 20_000_000), Content_Encoding="gzip"), "바이트보다 큽니다"),
        (sent(gzip.compress(feed("하나"))[:-9], Content_Encoding="gzip"), "중간에 끊겼거나"),
        (sent(b" \n"), "비어 있습니다"),
    ],
)
def test_what_goes_wrong_is_said_in_words(
    channel: Channel, receiver: HTTPReceiver, answer: int | ReceiverResponse, words: str
) -> None:
    receiver.answer = answer
    assert words in str(fetched(channel).error)
    channel.refresh_from_db()
    assert words in channel.last_error
    assert Delivery.objects.count() == 0


def test_failures_back_off_and_retry_after_is_obeyed(
    channel: Channel, receiver: HTTPReceiver
) -> None:
    receiver.answer = 500
    pauses = []
    with time_machine.travel(timezone.now(), tick=False):
        for _failure in range(9):
            fetched(channel)
            channel.refresh_from_db()
            pauses.append((channel.due_at - timezone.now()) / timedelta(seconds=channel.interval))
        for number, pause in enumerate(pauses):
            least = min(2**number, 60)
            assert least <= pause <= least * 1.2
        receiver.answer = (503, {"Retry-After": "7200"}, b"")
        fetched(channel)
        channel.refresh_from_db()
        assert channel.due_at - timezone.now() == timedelta(hours=2)
        assert channel.failures == 10
        receiver.answer = sent(feed("하나"))
        fetched(channel)
        channel.refresh_from_db()
    assert (channel.failures, channel.last_success_at) == (0, channel.last_success_at)
    assert channel.last_success_at is not None


def test_a_server_that_drips_is_given_up(receiver: HTTPReceiver, settings: LazySettings) -> None:
    def drip(_request: ReceivedRequest) -> int:
        time.sleep(1)
        return 200

    receiver.answer = drip
    with pytest.raises(Exception, match="제때"):
        fetch_feed(receiver.url, max_bytes=1000, timeout_seconds=0.2)


def test_addresses_and_credentials_that_may_not_be_used_are_refused(
    receiver: HTTPReceiver, new_channel: NewChannel, settings: LazySettings
) -> None:
    settings.OUTBOX_PRIVATE_NETWORKS = []
    for address in ("http://127.0.0.1/", "file:///etc/passwd", "https://a:b@example.com/", "x"):
        with pytest.raises(ChannelRefused) as refusal:
            new_channel("feed", address)
        assert refusal.value.field == "address"
    with pytest.raises(ChannelRefused, match="https로만"):
        new_channel(
            "feed", "http://example.com/", username="ada", password_variable="WIRE_PASSWORD_ADA"
        )
    with pytest.raises(ChannelRefused, match="WIRE_PASSWORD"):
        new_channel("feed", "https://example.com/", username="ada", password_variable="SECRET_KEY")


@pytest.mark.django_db(transaction=True)
def test_no_feed_is_lost_by_death_at_any_statement(
    channel: Channel, receiver: HTTPReceiver
) -> None:
    for number in range(1, 100):
        body = feed(f"{number}번 소식")
        receiver.answer = sent(body, ETag=f'"{number}"')
        Channel.objects.update(due_at=timezone.now(), leased_until=None)
        try:
            with dying_before_statement(number):
                fetch_due_channel(timezone.now())
            is_killed = False
        except Killed:
            is_killed = True
        Channel.objects.update(leased_until=None)
        fetched(channel)
        assert Delivery.objects.filter(sha256=Channel.objects.get().body_sha256).count() == 1
        assert bytes(Delivery.objects.latest("pk").raw) == body
        if not is_killed:
            break
    assert number > 8
    assert not is_killed
