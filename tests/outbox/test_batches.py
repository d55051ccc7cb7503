"""Batches: events that are sent together to caches, hubs and search engines; repeated purges."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from django.utils import timezone

from outbox.actions import REPEAT_PURGE_AFTER, fan_out_all, publish_events, record_result
from outbox.attempt_result import AttemptResult
from outbox.models import Attempt, Delivery, Subscriber
from outbox.worker import deliver_all_due, next_batch
from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest
from tests.support.outbox import (
    deliver_all_and_repeats,
    make_retries_due,
    only_delivery,
    publish_test_event,
    subscriber,
)

pytestmark = pytest.mark.django_db
Kind = Subscriber.Kind
TAXONOMIES: dict[str, list[str]] = {"sections": ["산업"], "authors": ["한빛"], "tags": []}


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://news.example.com"


def base_url(receiver: HTTPReceiver) -> str:
    return f"http://127.0.0.1:{receiver.port}"


def publish_many(number: int, *, name: str = "article.published", **data: Any) -> None:
    publish_events(
        (name, f"article-{n}", {"slug": f"story-{n}", **TAXONOMIES, **data}) for n in range(number)
    )


def count_states() -> dict[str, int]:
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def test_websub_hub_gets_one_ping_a_feed_for_a_thousand_articles(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.WEBSUB)
    publish_many(1000)
    deliver_all_due()
    topics = [parse_qs(got.body.decode())["hub.url"][0] for got in receiver.got]
    assert len(topics) == len(set(topics)) == 12  # of the site and a section, summaries and full
    feed = f"https://news.example.com/sections/{quote('산업')}/feeds/atom.xml"
    assert {feed, f"{feed}?content=full"} <= set(topics)
    assert count_states() == {"done": 1000}


def test_indexnow_gets_a_thousand_urls_in_one_call(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.INDEXNOW, key="0123456789abcdef")
    publish_many(1000)
    deliver_all_due()
    [got] = receiver.got
    urls = json.loads(got.body)["urlList"]
    assert urls == [f"https://news.example.com/articles/story-{n}/" for n in range(1000)]


@pytest.mark.parametrize(
    ("kind", "options", "max_items", "field"),
    [
        (Kind.PURGE_FASTLY, {"service": "s"}, 256, "surrogate_keys"),
        (Kind.PURGE_CLOUDFLARE, {"zone": "z"}, 100, "tags"),
        (Kind.PURGE_CLOUDFLARE, {"zone": "z", "by": "files"}, 100, "files"),
    ],
)
def test_purge_calls_hold_as_many_items_as_the_api_allows(
    receiver: HTTPReceiver, kind: str, options: dict[str, str], max_items: int, field: str
) -> None:
    subscriber(base_url(receiver), kind=kind, key="k", options=options)
    publish_many(300, name="article.updated")
    deliver_all_due()
    calls = [json.loads(got.body)[field] for got in receiver.got]
    items = [item for call in calls for item in call]
    assert max(len(call) for call in calls) == max_items
    assert len(items) == len(set(items)) > 300
    assert len(calls) == -(-len(items) // max_items)


def test_purges_by_key_stay_below_the_header_limit(
    receiver: HTTPReceiver,
) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    publish_many(300)
    deliver_all_due()
    keys = [key for got in receiver.got for key in got.headers["surrogate-key"].split(" ")]
    assert {got.method for got in receiver.got} == {"PURGE"}
    assert max(len(got.headers["surrogate-key"]) for got in receiver.got) <= 4100
    assert {"newest", "article-story-0", "article-story-299"} <= {*keys}
    assert len(keys) == len(set(keys))


def test_path_changed_by_many_articles_is_purged_once(receiver: HTTPReceiver) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP)
    publish_many(40, name="article.updated")
    deliver_all_due()
    purged = [got.path for got in receiver.got]
    assert purged.count("/") == 1
    assert len(purged) == len(set(purged)) > 120


def test_webhook_gets_one_call_for_each_event(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_many(120)
    deliver_all_due()
    assert len(receiver.got) == 120
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 120


def test_purge_is_repeated_after_stale_responses_have_passed(receiver: HTTPReceiver) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    publish_test_event("robot")
    purged_after = timezone.now()
    deliver_all_due()
    delivery = only_delivery()
    assert (delivery.state, len(receiver.got)) == ("waiting", 1)
    longest_cached = timedelta(seconds=1)  # RESPONSE_CACHE_SECONDS at most
    assert delivery.next_attempt_at > purged_after + longest_cached
    make_retries_due()
    deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == ("done", 2)
    assert receiver.got[0].headers == receiver.got[1].headers
    assert Attempt.objects.count() == 2


def test_repeated_purge_does_not_delay_the_next_event(receiver: HTTPReceiver) -> None:
    """A withdrawal a moment after an update is purged at once."""
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    publish_test_event("robot", name="article.updated")
    deliver_all_due()
    publish_test_event("robot", name="article.withdrawn")
    deliver_all_due()
    assert len(receiver.got) == 2


def test_hard_purges_come_first_in_a_batch(receiver: HTTPReceiver) -> None:
    cache = subscriber(base_url(receiver), kind=Kind.PURGE_HTTP)
    publish_many(600)
    publish_test_event("sad", name="article.withdrawn")
    fan_out_all()
    batch = next_batch(cache)
    assert len(batch) == 500
    assert batch[0].event.name == "article.withdrawn"
    assert [d.event_id for d in batch[1:]] == sorted(d.event_id for d in batch[1:])


def test_repeated_purge_is_not_settled_by_the_first_purges_result(receiver: HTTPReceiver) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_HTTP)
    publish_test_event()
    fan_out_all()
    delivery = only_delivery()
    accepted = AttemptResult(timezone.now(), 5, accepted=True, status=200)
    record_result(delivery, result=accepted)
    record_result(delivery, result=accepted)
    assert (only_delivery().state, only_delivery().is_repeat) == ("waiting", True)


def test_one_url_that_is_always_refused_does_not_hold_up_the_others(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.INDEXNOW, key="0123456789abcdef")
    publish_many(100)

    def refuse_one_url(got: ReceivedRequest) -> int:
        return 422 if b"story-42/" in got.body else 200

    receiver.answer = refuse_one_url
    for _ in range(4):
        deliver_all_due()
        make_retries_due()
    [waiting] = Delivery.objects.waiting()
    assert waiting.event.data["slug"] == "story-42"
    assert count_states() == {"done": 99, "waiting": 1}
    assert len(receiver.got) < 60


def test_unavailable_cache_gets_every_purge_later(
    receiver: HTTPReceiver,
) -> None:
    cache = subscriber(base_url(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    receiver.answer = (503, {"Retry-After": "60"}, b"")  # the pause outlasts a slow machine
    publish_many(700)
    deliver_all_due()
    cache.refresh_from_db()
    assert cache.paused_until
    assert count_states() == {"waiting": 700}
    assert len(receiver.got) <= 8  # of some twenty
    receiver.answer = 200
    receiver.got.clear()
    make_retries_due()
    deliver_all_due()
    keys = {key for got in receiver.got for key in got.headers["surrogate-key"].split(" ")}
    assert {f"article-story-{n}" for n in range(700)} <= keys
    deliver_all_and_repeats()
    assert count_states() == {"done": 700}


def test_expired_article_is_purged_hard(receiver: HTTPReceiver) -> None:
    subscriber(base_url(receiver), kind=Kind.PURGE_FASTLY, key="k", options={"service": "s"})
    publish_test_event("robot", name="article.expired")
    deliver_all_due()
    [got] = receiver.got
    assert "fastly-soft-purge" not in got.headers
    assert "article-robot" in json.loads(got.body)["surrogate_keys"]


def test_connections_are_reused_within_a_batch(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_many(40)
    deliver_all_due()
    assert len(receiver.got) == 40
    assert len({got.port for got in receiver.got}) <= 4


def test_purge_is_repeated_later_than_response_caches_expire() -> None:
    assert timedelta(seconds=1) < REPEAT_PURGE_AFTER  # what newsroom/settings.py allows at most
