"""What is sent to whom for events: one builder for each kind of subscriber. Pure.

Only webhooks say what happened: one call for each event.  Caches, hubs and search engines are told to
look again, so what waits for them together is told together, each address, key or feed once.  An event
is told when all its parcels were accepted, and all may be sent again.  No parcel at all means that it
is nothing for this kind.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from newsroom.http.canonical_urls import absolute_url
from outbox.cache_targets import (
    FEED_PATHS,
    HARD_PURGE_EVENTS,
    affected_keys,
    affected_paths,
    article_page_path,
    article_slugs,
    section_feed_paths,
)
from outbox.http_client import OutboundRequest
from outbox.models import Event, Subscriber
from outbox.signing import signature_header

JSON_MEDIA_TYPE = "application/json"
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"

PING_EVENT = "ping"
NOT_CACHED_STATUSES = frozenset({404, 412})  # what nginx answers to PURGE where it keeps nothing
# What one call may hold at most.
MAX_FASTLY_KEYS = 256
MAX_CLOUDFLARE_ITEMS = 100  # tags or files, in every plan
MAX_INDEXNOW_URLS = 10_000
MAX_KEY_HEADER_BYTES = 4000  # of keys in a PURGE; Varnish takes 8,192 bytes a header


@dataclass(frozen=True)
class OutboundCall:
    """One request, and the numbers of the events that it tells of."""

    request: OutboundRequest
    events: frozenset[int]


CallBuilder = Callable[[list[Event], Subscriber, datetime], list[OutboundCall]]
EventIdsByItem = dict[str, set[int]]  # what is to be told, and the events for which


def build_calls(
    events: list[Event], *, subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """The requests that tell this subscriber of these events at `now`, in their order."""
    return CALL_BUILDERS[Subscriber.Kind(subscriber.kind)](events, subscriber, now)


def build_webhook_calls(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    return [
        OutboundCall(build_signed_request(event, subscriber, now), frozenset({event.pk}))
        for event in events
    ]


def build_signed_request(event: Event, subscriber: Subscriber, now: datetime) -> OutboundRequest:
    """Standard Webhooks 1.0: the id stays over retries, the timestamp is this attempt's, and the
    signature is over exactly the bytes that are sent."""
    body = webhook_body(event)
    message_id, timestamp = f"msg_{event.uid.hex}", int(now.timestamp())
    signature = signature_header(
        body, secrets=subscriber.secrets_at(now), message_id=message_id, timestamp=timestamp
    )
    headers = {
        "Content-Type": JSON_MEDIA_TYPE,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature,
    }
    return OutboundRequest(subscriber.url, headers=headers, body=body)


def webhook_body(event: Event) -> bytes:
    """Thin, and the same bytes at every attempt: what happened, when, and to which thing."""
    said = {"type": event.name, "timestamp": event.at.isoformat(), "data": event.data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def build_http_purges(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """A PURGE for every address that changed, sent to the cache in the name of our site; or, where
    options say `"by": "keys"`, PURGEs that name keys (Varnish with xkey).

    options: `host` where the cache knows the site by another name, `method` where it is not PURGE.
    """
    cache = subscriber.url.rstrip("/")
    headers = {"Host": subscriber.options.get("host") or urlsplit(settings.SITE_URL).netloc}
    method = subscriber.options.get("method") or "PURGE"
    if subscriber.options.get("by") == "keys":
        bundles = split_into_calls(
            group_events_by_item(events, affected_keys_of), bytes_each=MAX_KEY_HEADER_BYTES
        )
        return [
            OutboundCall(
                OutboundRequest(f"{cache}/", method, headers | {"Surrogate-Key": " ".join(some)}),
                of,
            )
            for some, of in bundles
        ]
    changed = group_events_by_item(events, lambda event: affected_paths_of(event, tried="/"))
    return [
        OutboundCall(
            OutboundRequest(cache + path, method, headers, accepted_statuses=NOT_CACHED_STATUSES),
            frozenset(of),
        )
        for path, of in changed.items()
    ]


def build_fastly_purges(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """Purges by keys, 256 at once; soft ones, that may serve the old copy once more, unless grave.

    options: `service`, the id of the Fastly service.
    """
    service = quote(subscriber.options["service"], safe="")
    url = f"{subscriber.url.rstrip('/')}/service/{service}/purge"
    headers = {
        "Fastly-Key": service_key(subscriber, now),
        "Content-Type": JSON_MEDIA_TYPE,
        "Accept": JSON_MEDIA_TYPE,
    }
    soft = headers | {"Fastly-Soft-Purge": "1"}
    grave = [event for event in events if event.name in HARD_PURGE_EVENTS]
    others = [event for event in events if event.name not in HARD_PURGE_EVENTS]
    return [
        OutboundCall(
            OutboundRequest(url, headers=said, body=encode_json({"surrogate_keys": some})), of
        )
        for part, said in ((grave, headers), (others, soft))
        for some, of in split_into_calls(
            group_events_by_item(part, affected_keys_of), most=MAX_FASTLY_KEYS
        )
    ]


def build_cloudflare_purges(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """Purges by cache tags, or by addresses where options say `"by": "files"`, 100 at once.

    options: `zone`, the id of the zone.
    """
    zone = quote(subscriber.options["zone"], safe="")
    url = f"{subscriber.url.rstrip('/')}/zones/{zone}/purge_cache"
    headers = {
        "Authorization": f"Bearer {service_key(subscriber, now)}",
        "Content-Type": JSON_MEDIA_TYPE,
    }
    by_files = subscriber.options.get("by") == "files"
    name = "files" if by_files else "tags"
    wanted = group_events_by_item(events, affected_urls if by_files else affected_keys_of)
    return [
        OutboundCall(OutboundRequest(url, headers=headers, body=encode_json({name: some})), of)
        for some, of in split_into_calls(wanted, most=MAX_CLOUDFLARE_ITEMS)
    ]


def affected_paths_of(event: Event, *, tried: str) -> list[str]:
    """What the event changed; for a test something harmless."""
    if event.name == PING_EVENT:
        return [tried]
    return affected_paths(event.name, key=event.key, data=event.data)


def affected_urls(event: Event) -> list[str]:
    return [absolute_url(path) for path in affected_paths_of(event, tried="/")]


def affected_keys_of(event: Event) -> list[str]:
    if event.name == PING_EVENT:
        return [PING_EVENT]
    return affected_keys(event.name, key=event.key, data=event.data)


def build_websub_pings(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """One publish ping for every feed, however many stories are news there: the site's and those of
    the stories' sections, with summaries and with whole texts. options: `topics`, the feeds' addresses
    where they differ."""
    topics = subscriber.options.get("topics")
    wanted = group_events_by_item(events, lambda event: affected_feeds(event, topics=topics))
    headers = {"Content-Type": FORM_MEDIA_TYPE}
    return [
        OutboundCall(
            OutboundRequest(subscriber.url, headers=headers, body=websub_publish_body(topic)),
            frozenset(of),
        )
        for topic, of in wanted.items()
    ]


def affected_feeds(event: Event, *, topics: list[str] | None) -> list[str]:
    """The addresses of the feeds in which the event is news."""
    if event.name != PING_EVENT and not event.name.startswith("article."):
        return []
    other = "full" if settings.FEED_CONTENT == "summary" else "summary"
    feeds = [absolute_url(path) for path in (*FEED_PATHS, *section_feed_paths(event.data))]
    return topics or [*feeds, *(f"{feed}?content={other}" for feed in feeds)]


def websub_publish_body(topic: str) -> bytes:
    return urlencode({"hub.mode": "publish", "hub.url": topic}).encode()


def build_indexnow_calls(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """The stories' addresses, on publication, change and removal alike, 10,000 in a call.

    options: `key_location`, where the key file is if it is not /<key>.txt.
    """
    key = service_key(subscriber, now)
    said: dict[str, Any] = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key,
        "keyLocation": subscriber.options.get("key_location") or absolute_url(f"/{key}.txt"),
    }
    headers = {"Content-Type": f"{JSON_MEDIA_TYPE}; charset=utf-8"}
    return [
        OutboundCall(
            OutboundRequest(
                subscriber.url, headers=headers, body=encode_json(said | {"urlList": some})
            ),
            of,
        )
        for some, of in split_into_calls(
            group_events_by_item(events, affected_pages), most=MAX_INDEXNOW_URLS
        )
    ]


def affected_pages(event: Event) -> list[str]:
    """The addresses at which a search engine should look again."""
    if event.name == PING_EVENT:
        return [absolute_url("/")]
    if not event.name.startswith("article."):
        return []
    return [absolute_url(article_page_path(slug)) for slug in article_slugs(event.data)]


def group_events_by_item(
    events: list[Event], changed: Callable[[Event], list[str]]
) -> EventIdsByItem:
    """What all these events changed, each thing once, in their order."""
    wanted: EventIdsByItem = {}
    for event in events:
        for thing in changed(event):
            wanted.setdefault(thing, set()).add(event.pk)
    return wanted


def split_into_calls(
    wanted: EventIdsByItem, *, most: int = 10_000, bytes_each: int = 10**9
) -> Iterator[tuple[list[str], frozenset[int]]]:
    """The things in bundles that one call can hold, each with the events it is sent for."""
    bundle: list[str] = []
    size = 0
    for thing in wanted:
        if bundle and (len(bundle) >= most or size + len(thing) >= bytes_each):
            yield bundle, frozenset[int]().union(*(wanted[one] for one in bundle))
            bundle, size = [], 0
        bundle.append(thing)
        size += len(thing) + 1
    if bundle:
        yield bundle, frozenset[int]().union(*(wanted[one] for one in bundle))


def encode_json(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode()


def service_key(subscriber: Subscriber, now: datetime) -> str:
    """The key that the other house gave us."""
    return subscriber.secrets_at(now)[0]


CALL_BUILDERS: dict[Subscriber.Kind, CallBuilder] = {
    Subscriber.Kind.WEBHOOK: build_webhook_calls,
    Subscriber.Kind.PURGE_HTTP: build_http_purges,
    Subscriber.Kind.PURGE_FASTLY: build_fastly_purges,
    Subscriber.Kind.PURGE_CLOUDFLARE: build_cloudflare_purges,
    Subscriber.Kind.WEBSUB: build_websub_pings,
    Subscriber.Kind.INDEXNOW: build_indexnow_calls,
}
