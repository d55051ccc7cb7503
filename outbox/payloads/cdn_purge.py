"""CDN purges: PURGE requests (nginx, Varnish) and the purge APIs of Fastly and Cloudflare. Pure.

Where a test event is sent, the front page or a key that marks nothing is purged.
"""

from datetime import datetime
from urllib.parse import quote, urlsplit

from django.conf import settings

from newsroom.http.canonical_urls import absolute_url
from outbox.cache_targets import affected_keys, affected_paths
from outbox.event_types import PING_EVENT, hard_purge_events
from outbox.http_client import OutboundRequest
from outbox.models import Event, Subscriber
from outbox.payloads.calls import (
    JSON_MEDIA_TYPE,
    OutboundCall,
    encode_json,
    group_events_by_item,
    service_key,
    split_into_calls,
)

NOT_CACHED_STATUSES = frozenset(
    {404, 412}
)  # what nginx answers to PURGE for what it has not cached
MAX_FASTLY_KEYS = 256  # in a call
MAX_CLOUDFLARE_ITEMS = 100  # tags or files in a call, in every plan
MAX_KEY_HEADER_BYTES = 4000  # of surrogate keys in a PURGE; Varnish takes 8,192 bytes a header


def build_http_purges(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """A PURGE for every path that changed, with the site's Host header; or, with the option
    `"by": "keys"`, PURGEs that list surrogate keys (Varnish with xkey).

    options: `host` where the cache knows the site by another name, `method` where it is not PURGE, `by`.
    """
    cache = subscriber.url.rstrip("/")
    headers = {"Host": subscriber.options.get("host") or urlsplit(settings.SITE_URL).netloc}
    method = subscriber.options.get("method") or "PURGE"
    if subscriber.options.get("by") == "keys":
        keys = group_events_by_item(events, changed_keys)
        return [
            OutboundCall(
                OutboundRequest(f"{cache}/", method, headers | {"Surrogate-Key": " ".join(some)}),
                event_ids,
            )
            for some, event_ids in split_into_calls(keys, max_bytes=MAX_KEY_HEADER_BYTES)
        ]
    return [
        OutboundCall(
            OutboundRequest(cache + path, method, headers, accepted_statuses=NOT_CACHED_STATUSES),
            frozenset(event_ids),
        )
        for path, event_ids in group_events_by_item(events, changed_paths).items()
    ]


def build_fastly_purges(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """Purges by surrogate key: hard ones for events that take something away, soft ones, after which the
    stale copy may be served once more, for all others.

    options: `service`, the id of the Fastly service.
    """
    service = quote(subscriber.options["service"], safe="")
    url = f"{subscriber.url.rstrip('/')}/service/{service}/purge"
    hard = {
        "Fastly-Key": service_key(subscriber, now),
        "Content-Type": JSON_MEDIA_TYPE,
        "Accept": JSON_MEDIA_TYPE,
    }
    soft = hard | {"Fastly-Soft-Purge": "1"}
    names = hard_purge_events()
    parts = (
        (hard, [event for event in events if event.name in names]),
        (soft, [event for event in events if event.name not in names]),
    )
    return [
        OutboundCall(
            OutboundRequest(url, headers=headers, body=encode_json({"surrogate_keys": keys})),
            event_ids,
        )
        for headers, part in parts
        for keys, event_ids in split_into_calls(
            group_events_by_item(part, changed_keys), max_items=MAX_FASTLY_KEYS
        )
    ]


def build_cloudflare_purges(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """Purges by cache tag, or by URL with the option `"by": "files"`.

    options: `zone`, the id of the zone; `by`.
    """
    zone = quote(subscriber.options["zone"], safe="")
    url = f"{subscriber.url.rstrip('/')}/zones/{zone}/purge_cache"
    headers = {
        "Authorization": f"Bearer {service_key(subscriber, now)}",
        "Content-Type": JSON_MEDIA_TYPE,
    }
    is_by_url = subscriber.options.get("by") == "files"
    field = "files" if is_by_url else "tags"
    items = group_events_by_item(events, changed_urls if is_by_url else changed_keys)
    return [
        OutboundCall(
            OutboundRequest(url, headers=headers, body=encode_json({field: some})), event_ids
        )
        for some, event_ids in split_into_calls(items, max_items=MAX_CLOUDFLARE_ITEMS)
    ]


def changed_paths(event: Event) -> list[str]:
    """The paths on this site to purge for an event."""
    if event.name == PING_EVENT:
        return ["/"]
    return affected_paths(event.name, key=event.key, data=event.data)


def changed_urls(event: Event) -> list[str]:
    """The absolute URLs to purge for an event."""
    return [absolute_url(path) for path in changed_paths(event)]


def changed_keys(event: Event) -> list[str]:
    """The surrogate keys to purge for an event."""
    if event.name == PING_EVENT:
        return [PING_EVENT]
    return affected_keys(event.name, key=event.key, data=event.data)
