"""Who is only told to look again is told once of all that waits; a purge goes out twice."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from django.utils import timezone

from outbox.actions import REPEAT_PURGE_AFTER, fan_out_all, publish_events, record_result
from outbox.attempt_result import AttemptResult
from outbox.models import Attempt, Delivery, Subscriber
from outbox.worker import deliver_all_due, next_batch
from tests.support.outbox import (
    deliver_all_and_repeats,
    make_retries_due,
    only_delivery,
    publish_test_event,
    subscriber,
)
from tests.support.receivers import HTTPReceiver, ReceivedRequest

pytestmark = pytest.mark.django_db
Kind = Subscriber.Kind
STANDS: dict[str, list[str]] = {"sections": ["산업"], "authors": ["한빛"], "tags": []}


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://news.example.com"


def base(receiver: HTTPReceiver) -> str:
    return f"http://127.0.0.1:{receiver.port}"


def burst(number: int, *, name: str = "article.published", **more: Any) -> None:
    publish_events(
        (name, f"article-{n}", {"slug": f"story-{n}", **STANDS, **more}) for n in range(number)
    )


def states() -> dict[str, int]:
    found = list(Delivery.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def test_a_hub_gets_one_ping_a_feed_for_a_thousand_stories(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.WEBSUB)
    burst(1000)
    deliver_all_due()
    topics = [parse_qs(got.body.decode())["hub.url"][0] for got in receiver.got]
    assert len(topics) == len(set(topics)) == 12  # of the site and a section, summaries and full
    feed = f"https://news.example.com/sections/{quote('산업')}/feeds/atom.xml"
    assert {feed, f"{feed}?content=full"} <= set(topics)
    assert states() == {"done": 1000}


def test_search_engines_get_a_thousand_addresses_in_one_call(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.INDEXNOW, key="0123456789abcdef")
    burst(1000)
    deliver_all_due()
    [got] = receiver.got
    urls = json.loads(got.body)["urlList"]
    assert urls == [f"https://news.example.com/articles/story-{n}/" for n in range(1000)]


@pytest.mark.parametrize(
    ("kind", "options", "most", "things"),
    [
        (Kind.PURGE_FASTLY, {"service": "s"}, 256, "surrogate_keys"),
        (Kind.PURGE_CLOUDFLARE, {"zone": "z"}, 100, "tags"),
        (Kind.PURGE_CLOUDFLARE, {"zone": "z", "by": "files"}, 100, "files"),
    ],
)
def test_keys_go_together_as_many_as_a_call_takes(
    receiver: HTTPReceiver, kind: str, options: dict[str, str], most: int, things: str
) -> None:
    subscriber(base(receiver), kind=kind, key="k", options=options)
    burst(300, name="article.updated")
    deliver_all_due()
    calls = [json.loads(got.body)[things] for got in receiver.got]
    told = [thing for call in calls for thing in call]
    assert max(len(call) for call in calls) == most
    assert len(told) == len(set(told)) > 300
    assert len(calls) == -(-len(told) // most)


def test_a_cache_of_ours_takes_keys_in_headers_that_are_not_too_long(
    receiver: HTTPReceiver,
) -> None:
    subscriber(base(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    burst(300)
    deliver_all_due()
    named = [key for got in receiver.got for key in got.headers["surrogate-key"].split(" ")]
    assert {got.method for got in receiver.got} == {"PURGE"}
    assert max(len(got.headers["surrogate-key"]) for got in receiver.got) <= 4100
    assert {"newest", "article-story-0", "article-story-299"} <= {*named}
    assert len(named) == len(set(named))


def test_an_address_that_many_stories_change_is_purged_once(receiver: HTTPReceiver) -> None:
    subscriber(base(receiver), kind=Kind.PURGE_HTTP)
    burst(40, name="article.updated")
    deliver_all_due()
    purged = [got.path for got in receiver.got]
    assert purged.count("/") == 1
    assert len(purged) == len(set(purged)) > 120


def test_a_webhook_hears_of_each_by_itself(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    burst(120)
    deliver_all_due()
    assert len(receiver.got) == 120
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 120


def test_a_purge_goes_out_once_more_after_what_was_on_its_way(receiver: HTTPReceiver) -> None:
    subscriber(base(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    publish_test_event("robot")
    deliver_all_due()
    delivery = only_delivery()
    assert (delivery.state, len(receiver.got)) == ("waiting", 1)
    assert delivery.next_attempt_at > timezone.now() + timedelta(
        seconds=1
    )  # KEEP_PUBLIC_SECONDS at most
    make_retries_due()
    deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == ("done", 2)
    assert receiver.got[0].headers == receiver.got[1].headers
    assert Attempt.objects.count() == 2


def test_the_echo_holds_nothing_up(receiver: HTTPReceiver) -> None:
    """A withdrawal a moment after an update is purged at once."""
    subscriber(base(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    publish_test_event("robot", name="article.updated")
    deliver_all_due()
    publish_test_event("robot", name="article.withdrawn")
    deliver_all_due()
    assert len(receiver.got) == 2


def test_what_must_not_be_seen_any_more_does_not_stand_in_line(receiver: HTTPReceiver) -> None:
    cache = subscriber(base(receiver), kind=Kind.PURGE_HTTP)
    burst(600)
    publish_test_event("sad", name="article.withdrawn")
    fan_out_all()
    batch = next_batch(cache)
    assert len(batch) == 500
    assert batch[0].event.name == "article.withdrawn"
    assert [d.event_id for d in batch[1:]] == sorted(d.event_id for d in batch[1:])


def test_an_echo_is_not_settled_by_an_answer_to_the_first_purge(receiver: HTTPReceiver) -> None:
    subscriber(base(receiver), kind=Kind.PURGE_HTTP)
    publish_test_event()
    fan_out_all()
    seen = only_delivery()
    went_well = AttemptResult(timezone.now(), 5, accepted=True, status=200)
    record_result(seen, result=went_well)
    record_result(seen, result=went_well)
    assert (only_delivery().state, only_delivery().is_repeat) == ("waiting", True)


def test_one_address_that_nobody_takes_does_not_hold_up_the_others(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Kind.INDEXNOW, key="0123456789abcdef")
    burst(100)

    def choosy(got: ReceivedRequest) -> int:
        return 422 if b"story-42/" in got.body else 200

    receiver.answer = choosy
    for _ in range(4):
        deliver_all_due()
        make_retries_due()
    [left] = Delivery.objects.waiting()
    assert left.event.data["slug"] == "story-42"
    assert states() == {"done": 99, "waiting": 1}
    assert len(receiver.got) < 60


def test_a_cache_that_is_away_gets_all_of_it_later_and_nothing_is_lost(
    receiver: HTTPReceiver,
) -> None:
    cache = subscriber(base(receiver), kind=Kind.PURGE_HTTP, options={"by": "keys"})
    receiver.answer = 503
    burst(700)
    deliver_all_due()
    cache.refresh_from_db()
    assert cache.paused_until
    assert states() == {"waiting": 700}
    assert len(receiver.got) <= 8  # of some twenty
    receiver.answer = 200
    receiver.got.clear()
    make_retries_due()
    deliver_all_due()
    named = {key for got in receiver.got for key in got.headers["surrogate-key"].split(" ")}
    assert {f"article-story-{n}" for n in range(700)} <= named
    deliver_all_and_repeats()
    assert states() == {"done": 700}


def test_an_expired_story_is_purged_hard(receiver: HTTPReceiver) -> None:
    subscriber(base(receiver), kind=Kind.PURGE_FASTLY, key="k", options={"service": "s"})
    publish_test_event("robot", name="article.expired")
    deliver_all_due()
    [got] = receiver.got
    assert "fastly-soft-purge" not in got.headers
    assert "article-robot" in json.loads(got.body)["surrogate_keys"]


def test_connections_are_used_again_within_a_round(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    burst(40)
    deliver_all_due()
    assert len(receiver.got) == 40
    assert len({got.port for got in receiver.got}) <= 4


def test_the_echo_waits_longer_than_any_web_process_remembers() -> None:
    assert timedelta(seconds=1) < REPEAT_PURGE_AFTER  # what newsroom/settings.py allows at most
