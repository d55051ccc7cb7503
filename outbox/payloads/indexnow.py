"""IndexNow submissions (https://www.indexnow.org/documentation): changed pages for search engines. Pure."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from newsroom.http.canonical_urls import absolute_url
from outbox.cache_targets import affected_pages
from outbox.event_types import PING_EVENT
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

MAX_INDEXNOW_URLS = 10_000  # in a call, by the protocol


def build_indexnow_calls(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """The articles' URLs, after publication, change and removal alike.

    options: `key_location`, the URL of the key file where it is not /<key>.txt.
    """
    key = service_key(subscriber, now)
    body: dict[str, Any] = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key,
        "keyLocation": subscriber.options.get("key_location") or absolute_url(f"/{key}.txt"),
    }
    headers = {"Content-Type": f"{JSON_MEDIA_TYPE}; charset=utf-8"}
    pages = group_events_by_item(events, changed_page_urls)
    return [
        OutboundCall(
            OutboundRequest(
                subscriber.url, headers=headers, body=encode_json(body | {"urlList": urls})
            ),
            event_ids,
        )
        for urls, event_ids in split_into_calls(pages, max_items=MAX_INDEXNOW_URLS)
    ]


def changed_page_urls(event: Event) -> list[str]:
    """The URLs that a search engine should fetch again; for a test event the front page."""
    if event.name == PING_EVENT:
        return [absolute_url("/")]
    paths = affected_pages(event.name, key=event.key, data=event.data)
    return [absolute_url(path) for path in paths]
