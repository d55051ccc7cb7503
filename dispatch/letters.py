"""What is sent to whom for an event: one builder for each kind of subscriber. Pure.

A builder answers with requests; a delivery is done when all of them were accepted, and all of them
may be sent again.  None at all means that the event is nothing for this kind.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from dispatch.client import Letter
from dispatch.models import Event, Subscriber
from dispatch.places import FEEDS, GRAVE, keys, page_path, paths, slugs
from dispatch.signing import signatures
from newsroom.addresses import absolute

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
Builder = Callable[[Event, Subscriber, datetime], list[Letter]]

PING = "ping"
NOT_CACHED = frozenset({404, 412})  # what nginx answers to PURGE where it keeps nothing
MOST_URLS = 30  # Cloudflare takes no more files in one call


def letters(event: Event, *, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """The requests that tell this subscriber of this event at `now`."""
    return BUILDERS[Subscriber.Kind(subscriber.kind)](event, subscriber, now)


def webhook(event: Event, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """Standard Webhooks 1.0: the id stays over retries, the timestamp is this attempt's, and the
    signature is over exactly the bytes that are sent."""
    body = body_of(event)
    message_id, timestamp = f"msg_{event.uid.hex}", int(now.timestamp())
    signed = signatures(
        body, secrets=subscriber.secrets_at(now), message_id=message_id, timestamp=timestamp
    )
    headers = {
        "Content-Type": JSON,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
    return [Letter(subscriber.url, headers=headers, body=body)]


def body_of(event: Event) -> bytes:
    """Thin, and the same bytes at every attempt: what happened, when, and to which thing."""
    said = {"type": event.name, "timestamp": event.at.isoformat(), "data": event.data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def purge_http(event: Event, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """A PURGE for every address that changed, sent to the cache in the name of our site.

    options: `host` where the cache knows the site by another name, `method` where it is not PURGE.
    """
    cache = subscriber.url.rstrip("/")
    headers = {"Host": subscriber.options.get("host") or urlsplit(settings.SITE_URL).netloc}
    method = subscriber.options.get("method") or "PURGE"
    changed = ["/"] if event.name == PING else changed_paths(event)
    return [Letter(cache + path, method, headers, fine=NOT_CACHED) for path in changed]


def purge_fastly(event: Event, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """One purge by keys; a soft one, that may serve the old copy once more, unless it is grave.

    options: `service`, the id of the Fastly service.
    """
    changed = tried_or(changed_keys(event), event)
    if not changed:
        return []
    headers = {
        "Fastly-Key": key_for(subscriber, now),
        "Surrogate-Key": " ".join(changed),
        "Accept": JSON,
    }
    if event.name not in GRAVE:
        headers["Fastly-Soft-Purge"] = "1"
    service = quote(subscriber.options["service"], safe="")
    return [Letter(f"{subscriber.url.rstrip('/')}/service/{service}/purge", headers=headers)]


def purge_cloudflare(event: Event, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """One purge by cache tags, or by addresses where options say `"by": "files"`.

    options: `zone`, the id of the zone.
    """
    if subscriber.options.get("by") == "files":
        files = [absolute(path) for path in tried_or(changed_paths(event), event, "/")]
        asked = [{"files": files[n : n + MOST_URLS]} for n in range(0, len(files), MOST_URLS)]
    else:
        tags = tried_or(changed_keys(event), event)
        asked = [{"tags": tags}] if tags else []
    zone = quote(subscriber.options["zone"], safe="")
    url = f"{subscriber.url.rstrip('/')}/zones/{zone}/purge_cache"
    headers = {"Authorization": f"Bearer {key_for(subscriber, now)}", "Content-Type": JSON}
    return [Letter(url, headers=headers, body=json.dumps(body).encode()) for body in asked]


def tried_or(changed: list[str], event: Event, tried: str = "ping") -> list[str]:
    """What the event changed; for a test something harmless."""
    return [tried] if event.name == PING else changed


def changed_paths(event: Event) -> list[str]:
    return paths(event.name, key=event.key, data=event.data)


def changed_keys(event: Event) -> list[str]:
    return keys(event.name, key=event.key, data=event.data)


def websub(event: Event, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """A publish ping for every feed. options: `topics`, the feeds' addresses where they differ."""
    if not event.name.startswith("article.") and event.name != PING:
        return []
    topics = subscriber.options.get("topics") or [absolute(path) for path in FEEDS]
    headers = {"Content-Type": FORM}
    bodies = [urlencode({"hub.mode": "publish", "hub.url": topic}) for topic in topics]
    return [Letter(subscriber.url, headers=headers, body=body.encode()) for body in bodies]


def indexnow(event: Event, subscriber: Subscriber, now: datetime) -> list[Letter]:
    """The story's addresses, on publication, change and removal alike.

    options: `key_location`, where the key file is if it is not /<key>.txt.
    """
    changed = [absolute(page_path(slug)) for slug in slugs(event.data)]
    changed = [absolute("/")] if event.name == PING else changed
    if not changed or event.name.startswith("comment."):
        return []
    key = key_for(subscriber, now)
    said: dict[str, Any] = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key,
        "keyLocation": subscriber.options.get("key_location") or absolute(f"/{key}.txt"),
        "urlList": changed,
    }
    headers = {"Content-Type": f"{JSON}; charset=utf-8"}
    return [Letter(subscriber.url, headers=headers, body=json.dumps(said).encode())]


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
