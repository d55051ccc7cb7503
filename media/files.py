"""Photo files as answers."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from media.models import Photo


def photo_file_response(photo: Photo, name: str, *, cache: str) -> FileResponse:
    """The named file of a photo, if the photo has it. Raises Http404."""
    known: dict[str, Any] = {source["name"]: source for source in photo.sources}
    if name not in known:
        raise Http404
    try:
        # Opened, not asked for first: with object storage each question is a journey.
        file = default_storage.open(f"photos/{photo.key}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(file, content_type=known[name]["type"])
    answer["Cache-Control"] = cache
    answer["ETag"] = photo_file_etag(photo, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def photo_file_etag(photo: Photo, name: str) -> str:
    """What stands for the bytes of a file: under one address they never change."""
    return f'"{photo.key}-{name}"'
