"""Public representation of photos for the API and the pages. Pure."""

from collections.abc import Mapping
from typing import Any

from media.models import Photo, PhotoFiles
from newsroom.http.canonical_urls import absolute_url

# Texts of a photo; an edition freezes its own.
PHOTO_TEXT_FIELDS = ("alt", "caption", "credit")


def photo_file_path(photo: Photo | PhotoFiles, name: str) -> str:
    """The URL path of a rendition file."""
    return f"/media/photos/{photo.key}/{name}"


def photo_text_of_use(
    photo: Photo | None, overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The texts of a photo in one use: those in `overrides`, else the library's; {} without a photo."""
    if photo is None:
        return {}
    return {name: (overrides or {}).get(name, getattr(photo, name)) for name in PHOTO_TEXT_FIELDS}


def represent_photo(
    photo: Photo | PhotoFiles | None, texts: Mapping[str, str] | None
) -> dict[str, Any] | None:
    """The `lead_photo` object of the API: texts, size, placeholder, and sources from narrow to wide.

    `texts` are those frozen with the edition, not the library's, so that only publishing changes them.
    None without a photo, for a private one, and for one without files (a preview may have a photo that is
    still being processed).
    """
    if photo is None or not photo.public or not photo.sources:
        return None
    folder = absolute_url(photo_file_path(photo, ""))
    return {
        **{name: (texts or {}).get(name, "") for name in PHOTO_TEXT_FIELDS},
        "width": photo.width,
        "height": photo.height,
        "placeholder": photo.placeholder,
        "sources": [
            {
                "url": folder + source["name"],  # made by us, without characters to encode
                "width": source["width"],
                "height": source["height"],
                "type": source["type"],
            }
            for source in photo.sources
        ],
    }
