"""Write to the outbox. Delivery reads it after the commit."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from dispatch.models import Event
from newsroom.rows import insert


def announce(name: str, *, key: str, **data: Any) -> Event:
    """Note that the world must hear of this. Call it inside the change's transaction."""
    return Event.objects.create(name=name, key=key, data=data)


def announce_all(told: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """The same for many at once, in this order: name, key and data of each."""
    now = timezone.now()
    insert(
        Event,
        (
            {"uid": uuid.uuid4(), "name": name, "key": key, "data": data, "at": now}
            for name, key, data in told
        ),
    )
