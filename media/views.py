"""The files of public photos."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from media.files import send
from media.models import Photo


@require_safe
def photo_file(request: HttpRequest, key: str, name: str) -> FileResponse:
    """One file of a photo that something public shows; any other is 404."""
    photo = get_object_or_404(Photo, key=key, public=True)
    return send(photo, name, cache="public, max-age=300")
