"""Cache targets of polls: the URLs and surrogate keys under which caches keep them. Pure.

poll-X    a poll and everything that shows it
"""

from urllib.parse import quote

from newsroom.http.surrogate_keys import surrogate_key
from outbox.cache_targets import CacheTargets, EventContent
from outbox.event_types import EventType


def poll_key(pk: int | str) -> str:
    """The surrogate key of a poll."""
    return surrogate_key("poll", str(pk))


def poll_paths(event: EventContent) -> list[str]:
    """The API's paths of the polls that an event names."""
    return [f"/api/v1/polls/{quote(pk)}/" for pk in event.numbers("poll", "polls")]


def poll_keys(event: EventContent) -> list[str]:
    """The surrogate keys of the polls that an event names."""
    return [poll_key(pk) for pk in event.numbers("poll", "polls")]


CACHE_TARGETS = {"poll": CacheTargets(paths=poll_paths, keys=poll_keys)}
EVENT_TYPES = [EventType("poll.closed"), EventType("poll.changed")]
