"""A photo as readers get it. Pure."""

from collections.abc import Mapping
from typing import Any

from media.models import Photo
from newsroom.http.canonical_urls import absolute_url

# What is said of a photo.
PHOTO_TEXT_FIELDS = ("alt", "caption", "credit")


def photo_file_path(photo: Photo, name: str) -> str:
    """The path of one of the photo's files."""
    return f"/media/photos/{photo.key}/{name}"


def photo_text_of_use(
    photo: Photo | None, overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What is said of a photo where it is used: the `own` words of that use, the library's for the rest."""
    if photo is None:
        return {}
    return {name: (overrides or {}).get(name, getattr(photo, name)) for name in PHOTO_TEXT_FIELDS}


def represent_photo(photo: Photo | None, texts: Mapping[str, str] | None) -> dict[str, Any] | None:
    """The `lead_photo` of the API: words, size, placeholder, and sources from narrow to wide.

    `words` are those that were frozen with the edition, never the library's: what readers have changes
    by publishing alone.  None as well for one without files, which a preview may meet: it is still being
    processed.
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
                "url": folder
                + source["name"],  # the names are ours, of letters that need no spelling
                "width": source["width"],
                "height": source["height"],
                "type": source["type"],
            }
            for source in photo.sources
        ],
    }
