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

from newsroom.http.canonical_urls import absolute
from outbox.cache_targets import FEEDS, GRAVE, keys, page_path, paths, section_feeds, slugs
from outbox.http_client import Letter
from outbox.models import Event, Subscriber
from outbox.signing import signatures

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

PING = "ping"
NOT_CACHED = frozenset({404, 412})  # what nginx answers to PURGE where it keeps nothing
# What one call may hold at most.
FASTLY_KEYS = 256
CLOUDFLARE_THINGS = 100  # tags or files, in every plan
INDEXNOW_URLS = 10_000
HEADER_BYTES = 4000  # of keys in a PURGE; Varnish takes 8,192 bytes a header


@dataclass(frozen=True)
class Parcel:
    """One request, and the numbers of the events that it tells of."""

    letter: Letter
    events: frozenset[int]


Builder = Callable[[list[Event], Subscriber, datetime], list[Parcel]]
Wanted = dict[str, set[int]]  # what is to be told, and the events for which


def parcels(events: list[Event], *, subscriber: Subscriber, now: datetime) -> list[Parcel]:
    """The requests that tell this subscriber of these events at `now`, in their order."""
    return BUILDERS[Subscriber.Kind(subscriber.kind)](events, subscriber, now)


def webhook(events: list[Event], subscriber: Subscriber, now: datetime) -> list[Parcel]:
    return [Parcel(signed(event, subscriber, now), frozenset({event.pk})) for event in events]


def signed(event: Event, subscriber: Subscriber, now: datetime) -> Letter:
    """Standard Webhooks 1.0: the id stays over retries, the timestamp is this attempt's, and the
    signature is over exactly the bytes that are sent."""
    body = body_of(event)
    message_id, timestamp = f"msg_{event.uid.hex}", int(now.timestamp())
    signature = signatures(
        body, secrets=subscriber.secrets_at(now), message_id=message_id, timestamp=timestamp
    )
    headers = {
        "Content-Type": JSON,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature,
    }
    return Letter(subscriber.url, headers=headers, body=body)


def body_of(event: Event) -> bytes:
    """Thin, and the same bytes at every attempt: what happened, when, and to which thing."""
    said = {"type": event.name, "timestamp": event.at.isoformat(), "data": event.data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def purge_http(events: list[Event], subscriber: Subscriber, now: datetime) -> list[Parcel]:
    """A PURGE for every address that changed, sent to the cache in the name of our site; or, where
    options say `"by": "keys"`, PURGEs that name keys (Varnish with xkey).

    options: `host` where the cache knows the site by another name, `method` where it is not PURGE.
    """
    cache = subscriber.url.rstrip("/")
    headers = {"Host": subscriber.options.get("host") or urlsplit(settings.SITE_URL).netloc}
    method = subscriber.options.get("method") or "PURGE"
    if subscriber.options.get("by") == "keys":
        bundles = packed(gathered(events, changed_keys), bytes_each=HEADER_BYTES)
        return [
            Parcel(Letter(f"{cache}/", method, headers | {"Surrogate-Key": " ".join(some)}), of)
            for some, of in bundles
        ]
    changed = gathered(events, lambda event: changed_paths(event, tried="/"))
    return [
        Parcel(Letter(cache + path, method, headers, fine=NOT_CACHED), frozenset(of))
        for path, of in changed.items()
    ]


def purge_fastly(events: list[Event], subscriber: Subscriber, now: datetime) -> list[Parcel]:
    """Purges by keys, 256 at once; soft ones, that may serve the old copy once more, unless grave.

    options: `service`, the id of the Fastly service.
    """
    service = quote(subscriber.options["service"], safe="")
    url = f"{subscriber.url.rstrip('/')}/service/{service}/purge"
    headers = {"Fastly-Key": key_for(subscriber, now), "Content-Type": JSON, "Accept": JSON}
    soft = headers | {"Fastly-Soft-Purge": "1"}
    grave = [event for event in events if event.name in GRAVE]
    others = [event for event in events if event.name not in GRAVE]
    return [
        Parcel(Letter(url, headers=said, body=as_json({"surrogate_keys": some})), of)
        for part, said in ((grave, headers), (others, soft))
        for some, of in packed(gathered(part, changed_keys), most=FASTLY_KEYS)
    ]


def purge_cloudflare(events: list[Event], subscriber: Subscriber, now: datetime) -> list[Parcel]:
    """Purges by cache tags, or by addresses where options say `"by": "files"`, 100 at once.

    options: `zone`, the id of the zone.
    """
    zone = quote(subscriber.options["zone"], safe="")
    url = f"{subscriber.url.rstrip('/')}/zones/{zone}/purge_cache"
    headers = {"Authorization": f"Bearer {key_for(subscriber, now)}", "Content-Type": JSON}
    by_files = subscriber.options.get("by") == "files"
    name = "files" if by_files else "tags"
    wanted = gathered(events, changed_files if by_files else changed_keys)
    return [
        Parcel(Letter(url, headers=headers, body=as_json({name: some})), of)
        for some, of in packed(wanted, most=CLOUDFLARE_THINGS)
    ]


def changed_paths(event: Event, *, tried: str) -> list[str]:
    """What the event changed; for a test something harmless."""
    if event.name == PING:
        return [tried]
    return paths(event.name, key=event.key, data=event.data)


def changed_files(event: Event) -> list[str]:
    return [absolute(path) for path in changed_paths(event, tried="/")]


def changed_keys(event: Event) -> list[str]:
    if event.name == PING:
        return [PING]
    return keys(event.name, key=event.key, data=event.data)


def websub(events: list[Event], subscriber: Subscriber, now: datetime) -> list[Parcel]:
    """One publish ping for every feed, however many stories are news there: the site's and those of
    the stories' sections, with summaries and with whole texts. options: `topics`, the feeds' addresses
    where they differ."""
    topics = subscriber.options.get("topics")
    wanted = gathered(events, lambda event: feeds_of(event, topics=topics))
    headers = {"Content-Type": FORM}
    return [
        Parcel(Letter(subscriber.url, headers=headers, body=ping_for(topic)), frozenset(of))
        for topic, of in wanted.items()
    ]


def feeds_of(event: Event, *, topics: list[str] | None) -> list[str]:
    """The addresses of the feeds in which the event is news."""
    if event.name != PING and not event.name.startswith("article."):
        return []
    other = "full" if settings.FEED_CONTENT == "summary" else "summary"
    feeds = [absolute(path) for path in (*FEEDS, *section_feeds(event.data))]
    return topics or [*feeds, *(f"{feed}?content={other}" for feed in feeds)]


def ping_for(topic: str) -> bytes:
    return urlencode({"hub.mode": "publish", "hub.url": topic}).encode()


def indexnow(events: list[Event], subscriber: Subscriber, now: datetime) -> list[Parcel]:
    """The stories' addresses, on publication, change and removal alike, 10,000 in a call.

    options: `key_location`, where the key file is if it is not /<key>.txt.
    """
    key = key_for(subscriber, now)
    said: dict[str, Any] = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key,
        "keyLocation": subscriber.options.get("key_location") or absolute(f"/{key}.txt"),
    }
    headers = {"Content-Type": f"{JSON}; charset=utf-8"}
    return [
        Parcel(Letter(subscriber.url, headers=headers, body=as_json(said | {"urlList": some})), of)
        for some, of in packed(gathered(events, pages_of), most=INDEXNOW_URLS)
    ]


def pages_of(event: Event) -> list[str]:
    """The addresses at which a search engine should look again."""
    if event.name == PING:
        return [absolute("/")]
    if not event.name.startswith("article."):
        return []
    return [absolute(page_path(slug)) for slug in slugs(event.data)]


def gathered(events: list[Event], changed: Callable[[Event], list[str]]) -> Wanted:
    """What all these events changed, each thing once, in their order."""
    wanted: Wanted = {}
    for event in events:
        for thing in changed(event):
            wanted.setdefault(thing, set()).add(event.pk)
    return wanted


def packed(
    wanted: Wanted, *, most: int = 10_000, bytes_each: int = 10**9
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


def as_json(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode()


def key_for(subscriber: Subscriber, now: datetime) -> str:
    """The key that the other house gave us."""
    return subscriber.secrets_at(now)[0]


BUILDERS: dict[Subscriber.Kind, Builder] = {
    Subscriber.Kind.WEBHOOK: webhook,
    Subscriber.Kind.PURGE_HTTP: purge_http,
    Subscriber.Kind.PURGE_FASTLY: purge_fastly,
    Subscriber.Kind.PURGE_CLOUDFLARE: purge_cloudflare,
    Subscriber.Kind.WEBSUB: websub,
    Subscriber.Kind.INDEXNOW: indexnow,
}
