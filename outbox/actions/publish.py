"""Write to the outbox. Delivery reads it after the commit."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from newsroom.db.bulk_insert import bulk_insert
from newsroom.http.change_token import renew_on_commit
from outbox.models import Event

# What these tell of is added to what readers see; all else changes it or takes it away.
ADDITIVE_EVENTS = {"article.published", "comment.posted"}


def publish_event(name: str, *, key: str, **data: Any) -> Event:
    """Note that the world must hear of this. Call it inside the change's transaction."""
    if name not in ADDITIVE_EVENTS:
        renew_on_commit()
    return Event.objects.create(name=name, key=key, data=data)


def publish_events(events: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """The same for many at once, in this order: name, key and data of each."""
    now, events = timezone.now(), list(events)
    if any(name not in ADDITIVE_EVENTS for name, _key, _data in events):
        renew_on_commit()
    bulk_insert(
        Event,
        (
            {"uid": uuid.uuid4(), "name": name, "key": key, "data": data, "at": now}
            for name, key, data in events
        ),
    )
