"""Pictures of a version, queued to be fetched into the library, in the transaction that files it."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from newsroom.text.normalization import normalize_line
from wire.models import Delivery, StoryPhoto, Version

MAX_PICTURES_OF_A_VERSION = 50
PICTURE_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp"),
)


def queue_photos(version: Version, *, delivery: Delivery) -> None:
    """Queue the pictures of a new version; one that the story has in the library is linked at once.

    The caller holds the lock on the story. A cancellation brings none.
    """
    if version.is_cancellation():
        return
    pictures = [media for media in version.media if is_picture(media)]
    rows = [
        picture_row(version, media, delivery=delivery)
        for media in pictures[:MAX_PICTURES_OF_A_VERSION]
    ]
    if not rows:
        return
    keys = [row.key for row in rows]
    known = StoryPhoto.objects.in_library(version.story_id).filter(key__in=keys)
    by_key = {row.key: row for row in known}
    for row in rows:
        if row.key in by_key:
            link_photo(row, by_key[row.key])
    StoryPhoto.objects.bulk_create(rows, ignore_conflicts=True)


def link_photo(row: StoryPhoto, known: StoryPhoto) -> None:
    """Set on a row the photo of another one with the same picture. The caller saves it."""
    row.photo_id, row.sha256 = known.photo_id, known.sha256
    row.state, row.reason = StoryPhoto.State.FETCHED, ""


def is_picture(media: dict[str, Any]) -> bool:
    """Whether it may be a picture, by its type, or without one by its address."""
    if not media.get("href") and media.get("attachment") is None:
        return False
    main_type = str(media.get("media_type") or "").lower().partition("/")[0]
    if main_type:
        return main_type == "image"
    return media.get("attachment") is not None or has_picture_suffix(str(media.get("href")))


def has_picture_suffix(href: str) -> bool:
    try:
        return urlsplit(href).path.lower().endswith(PICTURE_SUFFIXES)
    except ValueError:
        return False


def picture_row(version: Version, media: dict[str, Any], *, delivery: Delivery) -> StoryPhoto:
    """The row of a picture, with its texts from the media, its caption and the version."""
    href, number = str(media.get("href") or ""), media.get("attachment")
    place = href or f"{delivery.sha256}#{number}"
    caption = str(media.get("caption") or "")
    return StoryPhoto(
        version=version,
        key=hashlib.sha256(place.encode()).hexdigest(),
        href=href[:2000],
        attachment=None if href else number,
        media_type=str(media.get("media_type") or "")[:100],
        caption=caption,
        credit=normalize_line(str(media.get("credit") or ""))[:300],
        rights=str(media.get("rights") or "") or version.rights,
        resale_prohibited=is_resale_prohibited(version, caption),
        due_at=timezone.now(),
    )


def is_resale_prohibited(version: Version, caption: str) -> bool:
    """Whether the agency forbids resale of the whole story, or of the picture with this caption."""
    marked = (c.get("text") for c in version.captions if c.get("resale_prohibited"))
    return version.resale_prohibited or caption in marked
