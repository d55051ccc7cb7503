"""Which version of a story is current, and whether it may be used. Pure, and the same for every
order in which the versions came in.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from wire.models import Story, Version

NEVER = datetime.min.replace(tzinfo=UTC)


def place(version: Version) -> tuple[int, datetime, int, str]:
    """Where a version stands: by its mark, then its time, then how often it was read anew.

    The digest decides between two that claim the same: any rule by arrival would end differently
    when the deliveries are replayed in another order.
    """
    return (version.mark_order, version.sent_at or NEVER, version.reading, version.content_hash)


def cancelled_at(version: Version) -> tuple[datetime, str]:
    return version.sent_at or NEVER, version.content_hash


def current_of(versions: Sequence[Version]) -> Version:
    """The version to read: the highest text, and a cancellation only where there is no text."""
    texts = [version for version in versions if not version.is_cancellation()]
    return max(texts or versions, key=place)


def status_of(versions: Sequence[Version], *, overruled: Version | None) -> Story.Status:
    """Whether the story may be used.

    A cancellation holds for all versions, whatever comes late. A text sent after it does not undo
    it either: it waits (withheld) for a person to decide.
    """
    counting = [
        version
        for version in versions
        if version.is_cancellation()
        and (not overruled or cancelled_at(version) > cancelled_at(overruled))
    ]
    if not counting:
        return Story.Status.USABLE
    last = max(counting, key=cancelled_at)
    later = (v for v in versions if not v.is_cancellation() and is_later(v, last))
    return Story.Status.WITHHELD if any(later) else Story.Status.CANCELLED


def is_later(version: Version, cancellation: Version) -> bool:
    return bool(version.sent_at and cancellation.sent_at and version.sent_at > cancellation.sent_at)
