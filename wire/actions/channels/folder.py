"""One run of a watched folder: complete files are stored and committed, then moved.

Killed in between, a file lies where it was; the next run finds its delivery and only moves it.
"""

import time

from django.utils import timezone

from wire.actions.channels.storing import FetchResult, Item, store_item
from wire.actions.intake import MAX_DELIVERY_BYTES
from wire.channel_errors import BadFile, FetchFailed
from wire.models import Channel
from wire.transports.addresses import folder_path
from wire.transports.folder import (
    DroppedFile,
    Observed,
    is_marked_done,
    list_folder,
    move_done,
    move_failed,
    observe,
    read_file,
)


def fetch_folder(channel: Channel, result: FetchResult, *, deadline: float) -> None:
    """Store and move the complete files, until `deadline` (time.monotonic()).

    A file that cannot be moved does not keep back the others; the run fails with it at the end.
    Raises FetchFailed, LeaseLost.
    """
    now = timezone.now().timestamp()
    files = list_folder(folder_path(channel.address))
    observed = observe(files, channel.observed, now=now)
    result.state = {"observed": observed}
    unmoved: FetchFailed | None = None
    for file in files:
        if not is_complete(file, observed, channel=channel, now=now):
            continue
        if time.monotonic() > deadline:
            result.is_complete = False
            break
        try:
            store_file(file, channel=channel, result=result)
        except FetchFailed as failure:
            unmoved = unmoved or failure
    if unmoved:
        raise unmoved


def is_complete(file: DroppedFile, observed: Observed, *, channel: Channel, now: float) -> bool:
    """Whether nothing has changed the file for `settle_seconds`, or its sender says that it is done."""
    _size, _mtime, since = observed[file.name]
    return now - since >= channel.settle_seconds or is_marked_done(file)


def store_file(file: DroppedFile, *, channel: Channel, result: FetchResult) -> None:
    """Store a complete file, then move it to `done`, or to `failed` with the reason."""
    try:
        raw = read_file(file, max_bytes=MAX_DELIVERY_BYTES)
    except BadFile as bad:
        item = Item(b"", file.name, failure=bad.sentence)
        result.add(item, store_item(channel, item))
        move_failed(file, bad.sentence)
        return
    item = Item(raw, file.name)
    result.add(item, store_item(channel, item))
    move_done(file)
