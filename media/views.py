"""The files of public photos."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from media.models import Photo


@require_safe
def photo_file(request: HttpRequest, key: str, name: str) -> FileResponse:
    """One file of a photo that something public shows; any other is 404."""
    photo = get_object_or_404(Photo, key=key, public=True)
    return send(photo, name, cache="public, max-age=300")


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
