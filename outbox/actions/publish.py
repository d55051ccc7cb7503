"""Publish events to the outbox: rows that the change's transaction writes. The worker delivers."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from newsroom.db.bulk_insert import bulk_insert
from newsroom.http.change_token import renew_on_commit
from outbox.event_types import event_type
from outbox.models import Event


def publish_event(name: str, *, key: str, **data: Any) -> Event:
    """Publish an event. Call it inside the transaction of the change.

    Events of one `key` are delivered in the order of their numbers. `data` is what subscribers get.
    Unless the event only adds something, responses made before it are no longer served stale
    (newsroom/http/change_token.py). Raises UnregisteredEvent.
    """
    if not event_type(name).is_addition:
        renew_on_commit()
    return Event.objects.create(name=name, key=key, data=data)


def publish_events(events: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """Publish many events in this order, as (name, key, data), with one statement.

    Raises UnregisteredEvent.
    """
    now, events = timezone.now(), list(events)
    types = {event_type(name) for name, _key, _data in events}
    if not all(each.is_addition for each in types):
        renew_on_commit()
    bulk_insert(
        Event,
        (
            {"uid": uuid.uuid4(), "name": name, "key": key, "data": data, "at": now}
            for name, key, data in events
        ),
    )
