"""Storing what a channel brought: the delivery and the channel's state in one transaction."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from newsroom.text.normalization import normalize_line
from wire.actions.channels.leases import lock_leased
from wire.actions.intake import add_delivery, fail_delivery
from wire.channel_errors import FetchFailed
from wire.models import Channel, Delivery


@dataclass(frozen=True)
class Item:
    """A file, a feed or a message as it came; `failure` is why it cannot become copy, in words."""

    raw: bytes
    name: str
    content_type: str = ""
    failure: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass
class FetchResult:
    """What a run brought: ids of new deliveries, how many were known, how many cannot become copy.

    `is_complete` False: more is waiting. `versions` counts new versions of stories, once parsed.
    """

    new: list[int] = field(default_factory=list)
    known: int = 0
    failed: int = 0
    is_complete: bool = True
    error: FetchFailed | None = None
    versions: int = 0
    state: dict[str, Any] = field(
        default_factory=dict
    )  # to be saved on the channel with the outcome

    def add(self, item: Item, delivery: Delivery | None) -> None:
        """Count an item that was stored, or that was known (None)."""
        if delivery is None:
            self.known += 1
        elif item.failure:
            self.failed += 1
        else:
            self.new.append(delivery.pk)


@transaction.atomic
def store_item(channel: Channel, item: Item, **state: Any) -> Delivery | None:
    """Store an item as a delivery with the channel's new state; None where it was stored before.

    One that cannot become copy is a failed delivery with its reason. Raises LeaseLost.
    """
    lock_leased(channel)
    name = normalize_line(item.name)[:200]
    delivery = None
    if not is_stored(channel, item, name=name):
        delivery = add_delivery(
            channel.source, raw=item.raw, name=name, content_type=item.content_type, by=None
        )
        if item.failure:
            fail_delivery(delivery, reason=item.failure, by=None)
    save_state(channel, **state)
    return delivery


def is_stored(channel: Channel, item: Item, *, name: str) -> bool:
    """Whether the item is a delivery already: the same bytes, and for a file under the same name.

    A feed counts as stored while it is the one that came last.
    """
    if channel.kind == Channel.Kind.FEED:
        return channel.body_sha256 == item.digest
    stored = Delivery.objects.filter(source=channel.source_id, sha256=item.digest)
    if channel.kind == Channel.Kind.FOLDER or not item.raw:
        stored = stored.filter(name=name)
    return stored.exists()


def save_state(channel: Channel, **state: Any) -> None:
    """Set columns of the state on a leased channel. The caller holds its lock."""
    for name, value in state.items():
        setattr(channel, name, value)
    if state:
        channel.save(update_fields=list(state))
