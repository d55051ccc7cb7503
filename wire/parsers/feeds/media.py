"""Media of a feed's entry: enclosures and Media RSS, each address once."""

from collections.abc import Iterator
from typing import Any

from newsroom.text.normalization import normalize_line
from wire.parsers.markup import pixels
from wire.parsers.result import Media

MEDIUM_TYPES = {"image": "image/*", "video": "video/*", "audio": "audio/*"}


def feed_media(entry: Any) -> Iterator[Media]:
    """The files of an entry; `media:title`, `media:description` and `media:credit` describe them."""
    # feedparser keeps a media:description as the details of the summary, whose text it is not.
    details = (entry.get("summary_detail") or {}).get("value")
    described = string(details) if details != entry.get("summary") else ""
    caption = described or string(entry.get("media_title"))
    named = [part for part in entry.get("media_credit") or () if isinstance(part, dict)]
    credit = string(named[0].get("content")) if named else ""
    rights = string(entry.get("media_copyright"))
    addresses: set[str] = set()
    for item in (*(entry.get("media_content") or ()), *(entry.get("enclosures") or ())):
        href = string(item.get("url")) or string(item.get("href"))
        if href.lower().startswith(("http://", "https://")) and href not in addresses:
            addresses.add(href)
            yield Media(
                href=href,
                media_type=string(item.get("type"))
                or MEDIUM_TYPES.get(string(item.get("medium")), ""),
                caption=caption,
                credit=credit,
                rights=rights,
                width=pixels(item.get("width")),
                height=pixels(item.get("height")),
            )


def string(value: object) -> str:
    return normalize_line(value) if isinstance(value, str) else ""
