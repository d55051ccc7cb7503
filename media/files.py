"""HTTP responses with the rendition files of photos."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from media.models import Photo


def photo_file_response(photo: Photo, name: str, *, cache: str) -> FileResponse:
    """A rendition file as a response; `cache` is its Cache-Control. Raises Http404 for an unknown name."""
    sources: dict[str, Any] = {source["name"]: source for source in photo.sources}
    if name not in sources:
        raise Http404
    try:
        # Opened without a check for existence: with object storage that is one request less.
        file = default_storage.open(f"photos/{photo.key}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=sources[name]["type"])
    response["Cache-Control"] = cache
    response["ETag"] = photo_file_etag(photo, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def photo_file_etag(photo: Photo, name: str) -> str:
    """The ETag of a rendition file; the bytes at one address never change."""
    return f'"{photo.key}-{name}"'
