"""Photo files as answers."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from media.models import Photo


def send(photo: Photo, name: str, *, cache: str) -> FileResponse:
    """The named file of a photo, if the photo has it. Raises Http404."""
    known: dict[str, Any] = {source["name"]: source for source in photo.sources}
    path = f"photos/{photo.key}/{name}"
    if name not in known or not default_storage.exists(path):
        raise Http404
    answer = FileResponse(default_storage.open(path), content_type=known[name]["type"])
    answer["Cache-Control"] = cache
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
