"""Payloads: the HTTP calls that deliver events to a subscriber, one module for each kind of it. Pure.

Only webhooks say what happened, one call an event.  Caches, hubs and search engines only learn what to
fetch again: their events are sent together, each URL, surrogate key or feed once.  An event is delivered
when all its calls were accepted, and its calls may be repeated.  Without any call it does not concern this
kind of subscriber.
"""

from datetime import datetime

from outbox.models import Event, Subscriber
from outbox.payloads.calls import CallBuilder, OutboundCall
from outbox.payloads.cdn_purge import (
    build_cloudflare_purges,
    build_fastly_purges,
    build_http_purges,
)
from outbox.payloads.indexnow import build_indexnow_calls
from outbox.payloads.webhook import build_webhook_calls
from outbox.payloads.websub import build_websub_pings

__all__ = ["OutboundCall", "build_calls"]

CALL_BUILDERS: dict[Subscriber.Kind, CallBuilder] = {
    Subscriber.Kind.WEBHOOK: build_webhook_calls,
    Subscriber.Kind.PURGE_HTTP: build_http_purges,
    Subscriber.Kind.PURGE_FASTLY: build_fastly_purges,
    Subscriber.Kind.PURGE_CLOUDFLARE: build_cloudflare_purges,
    Subscriber.Kind.WEBSUB: build_websub_pings,
    Subscriber.Kind.INDEXNOW: build_indexnow_calls,
}


def build_calls(
    events: list[Event], *, subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """The calls that deliver these events to a subscriber at `now`, in their order."""
    return CALL_BUILDERS[Subscriber.Kind(subscriber.kind)](events, subscriber, now)
