"""IndexNow: submissions and the key file."""

import pytest
from django.test import Client

from outbox.actions import disable_subscriber, update_subscriber
from outbox.models import Subscriber
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import publish_test_event, subscriber

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef-KEY"


@pytest.fixture
def engine() -> Subscriber:
    return subscriber("https://api.example.com/indexnow", kind=Subscriber.Kind.INDEXNOW, key=KEY)


def test_indexnow_key_file_holds_the_key_only(engine: Subscriber) -> None:
    response = Client().get(f"/{KEY}.txt")
    assert response.status_code == 200
    assert response.content == KEY.encode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-store"


def test_indexnow_call_names_the_key_file_that_is_served(
    receiver: HTTPReceiver, settings: object
) -> None:
    subscriber(receiver.url, kind=Subscriber.Kind.INDEXNOW, key=KEY)
    publish_test_event("로봇")
    deliver_all_due()
    [got] = receiver.got
    location = got.body.decode().split('"keyLocation": "http://testserver')[1].split('"')[0]
    assert Client().get(location).content == KEY.encode()


@pytest.mark.parametrize(
    "path",
    [
        "/another-key-0123.txt",
        f"/{KEY.lower()}.txt",
        f"/{KEY}x.txt",
        f"/{KEY[1:]}.txt",
        "/short.txt",
    ],
)
def test_unknown_indexnow_key_is_404(engine: Subscriber, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_key_of_another_kind_is_not_served_as_a_key_file() -> None:
    subscriber(
        "https://api.example.com",
        kind=Subscriber.Kind.PURGE_FASTLY,
        key="fastly-token-0123",
        options={"service": "s"},
    )
    assert Client().get("/fastly-token-0123.txt").status_code == 404


def test_replaced_indexnow_key_is_404(engine: Subscriber) -> None:
    update_subscriber(engine, by=make.ben(), key="fedcba9876543210")
    assert Client().get(f"/{KEY}.txt").status_code == 404
    assert Client().get("/fedcba9876543210.txt").status_code == 200


def test_key_file_of_a_disabled_subscriber_is_served(engine: Subscriber) -> None:
    disable_subscriber(engine, reason="쉼", by=make.ben())
    assert Client().get(f"/{KEY}.txt").status_code == 200


def test_robots_txt_is_no_key_file(engine: Subscriber) -> None:
    assert "User-agent" in Client().get("/robots.txt").content.decode()
