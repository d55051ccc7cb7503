"""Write to the outbox. Delivery reads it after the commit."""

from typing import Any

from dispatch.models import Event


def announce(name: str, *, key: str, **data: Any) -> Event:
    """Note that the world must hear of this. Call it inside the change's transaction."""
    return Event.objects.create(name=name, key=key, data=data)
