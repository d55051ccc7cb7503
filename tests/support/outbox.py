"""Outbox helpers: subscribers made by the real action, events, and retries made due."""

import base64
import hashlib
import hmac
import itertools
import json
from typing import Any

from django.utils import timezone

from outbox.actions import add_subscriber, publish_event
from outbox.models import Delivery, Event, Subscriber
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import ReceivedRequest

sequence = itertools.count(1)


def subscriber(url: str, **over: Any) -> Subscriber:
    key = over.pop("key", "")
    attributes = {"name": f"구독자 {next(sequence)}", "events": ["*"], "url": url} | over
    return add_subscriber(Subscriber(**attributes), by=make.ben(), key=key)


def publish_test_event(
    slug: str = "로봇", *, name: str = "article.published", **data: Any
) -> Event:
    return publish_event(name, key=slug, slug=slug, **data)


def make_retries_due() -> None:
    """Make every waiting retry due now."""
    Delivery.objects.waiting().update(next_attempt_at=timezone.now())
    Subscriber.objects.update(paused_until=None)


def deliver_all_and_repeats() -> None:
    """Deliver everything, repeated purges too."""
    deliver_all_due()
    make_retries_due()
    deliver_all_due()


def only_delivery() -> Delivery:
    return Delivery.objects.get()


def is_signed(got: ReceivedRequest, secret: str) -> bool:
    """Whether a request has a valid signature, by the specification and not by the product's code:
    HMAC-SHA256 of "id.timestamp.body" under the bytes behind whsec_, base64, among the v1 signatures."""
    key = base64.b64decode(secret.split("_", 1)[1])
    text = b".".join(
        [got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body]
    )
    wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    listed = [part.split(",", 1) for part in got.headers["webhook-signature"].split(" ")]
    return any(version == "v1" and value == wanted for version, value in listed)


def event_type_and_slug(got: ReceivedRequest) -> tuple[str, str]:
    """Event type and slug of a webhook request."""
    body = json.loads(got.body)
    return body["type"], body["data"]["slug"]
