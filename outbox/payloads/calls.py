"""HTTP calls for a batch of events, and the grouping of changed items into few calls. Pure."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outbox.http_client import OutboundRequest
from outbox.models import Event, Subscriber

JSON_MEDIA_TYPE = "application/json"
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class OutboundCall:
    """One request, and the pks of the events that it delivers."""

    request: OutboundRequest
    events: frozenset[int]


CallBuilder = Callable[[list[Event], Subscriber, datetime], list[OutboundCall]]
EventIdsByItem = dict[
    str, set[int]
]  # URL, path or surrogate key -> pks of the events that changed it


def group_events_by_item(
    events: list[Event], changed_items: Callable[[Event], list[str]]
) -> EventIdsByItem:
    """The items that these events changed, each once, in the order of the events."""
    event_ids: EventIdsByItem = {}
    for event in events:
        for item in changed_items(event):
            event_ids.setdefault(item, set()).add(event.pk)
    return event_ids


def split_into_calls(
    event_ids: EventIdsByItem, *, max_items: int = 10_000, max_bytes: int = 10**9
) -> Iterator[tuple[list[str], frozenset[int]]]:
    """Lists of items that fit into one call, each with the pks of its events. `max_bytes` counts the
    items, separated by one byte."""
    items: list[str] = []
    size = 0
    for item in event_ids:
        if items and (len(items) >= max_items or size + len(item) >= max_bytes):
            yield items, frozenset[int]().union(*(event_ids[one] for one in items))
            items, size = [], 0
        items.append(item)
        size += len(item) + 1
    if items:
        yield items, frozenset[int]().union(*(event_ids[one] for one in items))


def encode_json(body: dict[str, Any]) -> bytes:
    """A JSON request body."""
    return json.dumps(body).encode()


def service_key(subscriber: Subscriber, now: datetime) -> str:
    """The API key that the subscriber's service has issued."""
    return subscriber.secrets_at(now)[0]
