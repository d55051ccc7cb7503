"""Payloads of each kind of subscriber: caches, CDNs, WebSub hubs, IndexNow."""

import json
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from django.db import IntegrityError

from desk.actions import withdraw
from outbox.actions import add_subscriber, send_test_event, update_subscriber
from outbox.errors import ForbiddenAddress, IncompleteSubscriber
from outbox.models import Attempt, Delivery, Event, Subscriber
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import (
    deliver_all_and_repeats,
    only_delivery,
    publish_test_event,
    subscriber,
)

pytestmark = pytest.mark.django_db
Kind = Subscriber.Kind


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://news.example.com"


def base_url(receiver: HTTPReceiver) -> str:
    return f"http://127.0.0.1:{receiver.port}"


def test_withdrawn_article_is_purged_at_all_its_paths(receiver: HTTPReceiver) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP, events=["article.withdrawn"])
    article = make.live(slug="로봇-문")
    withdraw(article, notice="내립니다.", by=make.ben())
    deliver_all_and_repeats()
    slug = quote("로봇-문")
    assert {got.method for got in receiver.got} == {"PURGE"}
    assert {got.headers["host"] for got in receiver.got} == {"news.example.com"}
    assert {got.path for got in receiver.got} >= {
        f"/articles/{slug}/",
        f"/api/v1/articles/{slug}/",
        f"/api/v1/articles/{slug}/editions/",
        "/",
        "/articles/",
        "/api/v1/articles/",
        "/feeds/rss.xml",
    }
    assert only_delivery().state == "done"


@pytest.mark.parametrize("status", [404, 412])
def test_purge_of_an_uncached_path_succeeds(receiver: HTTPReceiver, status: int) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP)
    publish_test_event()
    receiver.answer = status
    deliver_all_and_repeats()
    assert only_delivery().state == "done"


def test_one_failed_purge_fails_the_delivery(receiver: HTTPReceiver) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP)
    publish_test_event()
    receiver.answer = lambda got: 405 if got.path == "/" else 200
    deliver_all_due()
    assert only_delivery().state == "waiting"
    assert Attempt.objects.get().status == 405


def test_purge_uses_the_host_option(
    receiver: HTTPReceiver,
) -> None:
    options = {"host": "inner.example.com", "method": "BAN"}
    subscriber(f"{base_url(receiver)}/", kind=Kind.PURGE_HTTP, options=options)
    publish_test_event()
    deliver_all_due()
    assert only_delivery().attempts.get().status == 501  # our receiver knows no BAN
    assert receiver.got == []


def test_fastly_purges_by_key_softly_but_hard_after_a_withdrawal(receiver: HTTPReceiver) -> None:
    subscriber(
        base_url(receiver), kind=Kind.PURGE_FASTLY, key="fastly-token", options={"service": "SU1Z0"}
    )
    publish_test_event("로봇")
    publish_test_event("로봇", name="article.withdrawn")
    deliver_all_due()
    hard, soft = sorted(receiver.got, key=lambda got: len(got.headers))
    assert soft.path == "/service/SU1Z0/purge"
    assert soft.headers["fastly-key"] == "fastly-token"
    assert json.loads(soft.body) == {"surrogate_keys": [f"article-{quote('로봇')}", "list"]}
    assert soft.headers["fastly-soft-purge"] == "1"
    assert "fastly-soft-purge" not in hard.headers


def test_cloudflare_purges_by_tag(receiver: HTTPReceiver) -> None:
    subscriber(
        base_url(receiver), kind=Kind.PURGE_CLOUDFLARE, key="cf-token", options={"zone": "abc123"}
    )
    publish_test_event("robot")
    deliver_all_due()
    [got] = receiver.got
    assert (got.method, got.path) == ("POST", "/zones/abc123/purge_cache")
    assert got.headers["authorization"] == "Bearer cf-token"
    assert json.loads(got.body) == {"tags": ["article-robot", "list"]}


def test_cloudflare_purges_by_url_with_the_files_option(receiver: HTTPReceiver) -> None:
    options = {"zone": "abc123", "by": "files"}
    subscriber(base_url(receiver), kind=Kind.PURGE_CLOUDFLARE, key="cf-token", options=options)
    publish_test_event("robot", name="article.updated")
    deliver_all_due()
    files = [url for got in receiver.got for url in json.loads(got.body)["files"]]
    assert "https://news.example.com/articles/robot/" in files
    assert len(files) == len(set(files))


def test_websub_hub_is_pinged_for_changed_feeds(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.WEBSUB)
    publish_test_event()
    deliver_all_due()
    pings = [parse_qs(got.body.decode()) for got in receiver.got]
    assert {got.headers["content-type"] for got in receiver.got} == {
        "application/x-www-form-urlencoded"
    }
    assert {"hub.mode": ["publish"], "hub.url": ["https://news.example.com/feeds/rss.xml"]} in pings


def test_indexnow_call_lists_the_articles_urls(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.INDEXNOW, key="0123456789abcdef")
    publish_test_event("로봇", name="article.withdrawn", former_slugs=["옛-로봇"])
    receiver.answer = 202
    deliver_all_due()
    [got] = receiver.got
    assert json.loads(got.body) == {
        "host": "news.example.com",
        "key": "0123456789abcdef",
        "keyLocation": "https://news.example.com/0123456789abcdef.txt",
        "urlList": [
            f"https://news.example.com/articles/{quote(slug)}/" for slug in ("로봇", "옛-로봇")
        ],
    }


def test_event_of_no_concern_is_done_without_a_call(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.INDEXNOW, key="0123456789abcdef")
    publish_test_event(name="comment.posted")
    deliver_all_due()
    assert (receiver.got, only_delivery().state, Attempt.objects.count()) == ([], "done", 0)


KINDS: list[dict[str, Any]] = [
    {"kind": Kind.WEBHOOK},
    {"kind": Kind.PURGE_HTTP},
    {"kind": Kind.PURGE_HTTP, "options": {"by": "keys"}},
    {"kind": Kind.PURGE_FASTLY, "key": "k", "options": {"service": "s"}},
    {"kind": Kind.PURGE_CLOUDFLARE, "key": "k", "options": {"zone": "z"}},
    {"kind": Kind.PURGE_CLOUDFLARE, "key": "k", "options": {"zone": "z", "by": "files"}},
    {"kind": Kind.WEBSUB},
    {"kind": Kind.INDEXNOW, "key": "0123456789"},
]


@pytest.mark.parametrize("fields", KINDS, ids=lambda fields: str(fields["kind"]))
def test_test_event_is_delivered_to_one_subscriber(
    receiver: HTTPReceiver, fields: dict[str, Any]
) -> None:
    subscriber(receiver.url + "/other")
    chosen = subscriber(base_url(receiver), **fields)
    delivery = send_test_event(chosen, by=make.ben())
    deliver_all_due()
    delivery.refresh_from_db()
    assert delivery.state == "done"
    assert Delivery.objects.count() == 1
    assert receiver.got
    assert Event.objects.get().name == "ping"


FAR_KEY_FILE = {"key_location": "https://elsewhere.example.com/0123456789.txt"}
DEEP_KEY_FILE = {"key_location": "https://news.example.com/keys/0123456789.txt"}
INVALID: list[tuple[type[Exception], dict[str, Any]]] = [
    (ForbiddenAddress, {"url": "http://10.0.0.1/"}),
    (ForbiddenAddress, {"url": "https://user@hooks.example.com/"}),
    (IncompleteSubscriber, {"events": []}),
    (IncompleteSubscriber, {"events": ["Article Published"]}),
    (IncompleteSubscriber, {"events": "article.published"}),
    (IncompleteSubscriber, {"events": [1]}),
    (IncompleteSubscriber, {"options": {"unknown": "x"}}),
    (IncompleteSubscriber, {"options": []}),
    (IncompleteSubscriber, {"kind": Kind.PURGE_FASTLY, "key": "k"}),
    (IncompleteSubscriber, {"kind": Kind.PURGE_FASTLY, "options": {"service": "s"}}),
    (
        IncompleteSubscriber,
        {"kind": Kind.PURGE_FASTLY, "key": "k\r\nX: y", "options": {"service": "s"}},
    ),
    (IncompleteSubscriber, {"kind": Kind.PURGE_FASTLY, "key": "열쇠", "options": {"service": "s"}}),
    (IncompleteSubscriber, {"kind": Kind.PURGE_HTTP, "options": {"host": "a\r\nX: y"}}),
    (IncompleteSubscriber, {"kind": Kind.PURGE_HTTP, "options": {"host": ["a"]}}),
    (IncompleteSubscriber, {"kind": Kind.PURGE_HTTP, "options": {"method": "GET / HTTP/1.1"}}),
    (IncompleteSubscriber, {"kind": Kind.PURGE_HTTP, "url": "https://cache.example.com/?x="}),
    (
        IncompleteSubscriber,
        {"kind": Kind.PURGE_CLOUDFLARE, "key": "k", "options": {"zone": "../x"}},
    ),
    (IncompleteSubscriber, {"kind": Kind.INDEXNOW, "key": "short"}),
    (IncompleteSubscriber, {"kind": Kind.INDEXNOW, "key": "0123456789", "options": FAR_KEY_FILE}),
    (IncompleteSubscriber, {"kind": Kind.INDEXNOW, "key": "0123456789", "options": DEEP_KEY_FILE}),
]


@pytest.mark.parametrize(("refusal", "fields"), INVALID)
def test_invalid_subscriber_is_refused(refusal: type[Exception], fields: dict[str, Any]) -> None:
    with pytest.raises(refusal):
        subscriber(fields.pop("url", "https://hooks.example.com/in"), **fields)
    assert Subscriber.objects.count() == 0


def test_updated_subscriber_keeps_its_secret_and_kind() -> None:
    hook = subscriber("https://hooks.example.com/in")
    secret = hook.secrets
    hook.url, hook.kind = "https://hooks.example.com/new", Kind.INDEXNOW
    update_subscriber(hook, by=make.ben(), key="someone-elses-key")
    hook.refresh_from_db()
    assert (hook.url, hook.kind, hook.secrets) == (
        "https://hooks.example.com/new",
        Kind.WEBHOOK,
        secret,
    )
    assert hook.changed_by == "ben"


def test_service_key_is_replaced_at_once() -> None:
    engine = subscriber("https://api.example.com/indexnow", kind=Kind.INDEXNOW, key="first-key")
    update_subscriber(engine, by=make.ben(), key="second-key")
    engine.refresh_from_db()
    assert [entry["secret"] for entry in engine.secrets] == ["second-key"]


def test_subscriber_names_are_unique() -> None:
    subscriber("https://hooks.example.com/in", name="같은 이름")
    with pytest.raises(IntegrityError):
        add_subscriber(
            Subscriber(name="같은 이름", url="https://hooks.example.com/in", events=["*"]),
            by=make.ben(),
        )
