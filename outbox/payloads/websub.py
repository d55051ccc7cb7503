"""WebSub publish pings (W3C Recommendation, section 7): which feeds a hub should fetch again. Pure."""

from datetime import datetime
from urllib.parse import urlencode

from newsroom.http.canonical_urls import absolute_url
from outbox.cache_targets import affected_feeds
from outbox.http_client import OutboundRequest
from outbox.models import Event, Subscriber
from outbox.payloads.calls import FORM_MEDIA_TYPE, OutboundCall, group_events_by_item


def build_websub_pings(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """One ping for every feed in which any of the events is news.

    options: `topics`, the feeds' URLs where they are not this site's own.
    """
    topics = subscriber.options.get("topics")

    def changed_topics(event: Event) -> list[str]:
        feeds = affected_feeds(event.name, key=event.key, data=event.data)
        return (topics if feeds else None) or [absolute_url(path) for path in feeds]

    headers = {"Content-Type": FORM_MEDIA_TYPE}
    return [
        OutboundCall(
            OutboundRequest(subscriber.url, headers=headers, body=publish_body(topic)),
            frozenset(event_ids),
        )
        for topic, event_ids in group_events_by_item(events, changed_topics).items()
    ]


def publish_body(topic: str) -> bytes:
    """The form body that tells a hub about new content at `topic`."""
    return urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
