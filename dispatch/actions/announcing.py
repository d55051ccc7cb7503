"""Write to the outbox. Delivery reads it after the commit."""

from collections.abc import Iterable
from typing import Any

from dispatch.models import Event


def announce(name: str, *, key: str, **data: Any) -> Event:
    """Note that the world must hear of this. Call it inside the change's transaction."""
    return Event.objects.create(name=name, key=key, data=data)


def announce_all(told: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """The same for many at once, in this order: name, key and data of each."""
    Event.objects.bulk_create(Event(name=name, key=key, data=data) for name, key, data in told)
