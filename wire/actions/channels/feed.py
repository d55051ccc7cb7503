"""One run of a feed: the whole feed is one delivery, with its validators in the same transaction.

Entries that are known already become duplicates when it is parsed: none is left out by its date.
"""

import time

from django.utils.translation import gettext as _

from wire.actions.channels.storing import FetchResult, Item, store_item
from wire.actions.intake import MAX_DELIVERY_BYTES
from wire.channel_errors import FetchFailed
from wire.models import Channel
from wire.transports.addresses import feed_url, read_password
from wire.transports.feed import FEED_TIMEOUT_SECONDS, fetch_feed


def fetch_feed_channel(channel: Channel, result: FetchResult, *, deadline: float) -> None:
    """Store the feed, if it has changed. Raises FetchFailed, LeaseLost."""
    response = fetch_feed(
        feed_url(channel.address),
        etag=channel.etag,
        last_modified=channel.last_modified,
        username=channel.username,
        password=read_password(channel.password_variable) if channel.username else "",
        max_bytes=MAX_DELIVERY_BYTES,
        timeout_seconds=min(FEED_TIMEOUT_SECONDS, deadline - time.monotonic()),
    )
    if response.body is None:
        result.known += 1
        return
    if not response.body.strip():
        raise FetchFailed(_("The feed is empty."))
    item = Item(response.body, channel.address, response.content_type)
    state = {
        "etag": response.etag,
        "last_modified": response.last_modified,
        "body_sha256": item.digest,
    }
    result.add(item, store_item(channel, item, **state))
