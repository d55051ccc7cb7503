"""Webhook requests after Standard Webhooks 1.0 (https://www.standardwebhooks.com). Pure."""

import json
from datetime import datetime

from outbox.http_client import OutboundRequest
from outbox.models import Event, Subscriber
from outbox.payloads.calls import JSON_MEDIA_TYPE, OutboundCall
from outbox.signing import signature_header


def build_webhook_calls(
    events: list[Event], subscriber: Subscriber, now: datetime
) -> list[OutboundCall]:
    """A signed request for each event."""
    return [
        OutboundCall(build_signed_request(event, subscriber, now), frozenset({event.pk}))
        for event in events
    ]


def build_signed_request(event: Event, subscriber: Subscriber, now: datetime) -> OutboundRequest:
    """A request with `webhook-id`, `webhook-timestamp` and `webhook-signature`.

    The id is the same in every attempt, the timestamp is this attempt's, and the signature is over
    exactly the bytes that are sent.
    """
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
    """The JSON body: `type`, `timestamp` and `data`, the same bytes in every attempt.

    A thin payload: it names what changed and holds none of its text.
    """
    body = {"type": event.name, "timestamp": event.at.isoformat(), "data": event.data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
