"""A photo as readers get it. Pure."""

from typing import Any

from media.models import Photo
from newsroom.addresses import absolute


def address_of(photo: Photo, name: str) -> str:
    """The path of one of the photo's files."""
    return f"/media/photos/{photo.key}/{name}"


def as_read(photo: Photo | None) -> dict[str, Any] | None:
    """The `lead_photo` of the API: words, size, placeholder, and sources from narrow to wide.

    None as well for one without files, which a preview may meet: it is still being processed.
    """
    if photo is None or not photo.public or not photo.sources:
        return None
    folder = absolute(address_of(photo, ""))
    return {
        "alt": photo.alt,
        "caption": photo.caption,
        "credit": photo.credit,
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
