"""Cache targets of photos: the surrogate keys under which caches keep their files. Pure.

photo-X    the files of a photo
"""

from newsroom.http.surrogate_keys import surrogate_key
from outbox.cache_targets import EventContent


def photo_key(key: str) -> str:
    """The surrogate key of a photo's files, by the photo's own key."""
    return surrogate_key("photo", key)


def photo_keys(event: EventContent) -> list[str]:
    """The surrogate keys of the photos that readers no longer see after an event."""
    return [photo_key(key) for key in event.texts("photos")]
