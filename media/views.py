"""The files of public photos."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from dispatch.places import photo_key
from media.files import etag_of, send
from media.models import Photo
from newsroom.cachekeys import mark

KEPT = "public, max-age=300"


@require_safe
def photo_file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One file of a photo that something public shows; any other is 404."""
    photo = get_object_or_404(Photo, key=key, public=True)
    # Whoever has it already is told so without a journey to the storage.
    unchanged = get_conditional_response(request, etag=etag_of(photo, name))
    if unchanged is None:
        answer = send(photo, name, cache=KEPT)
        mark(answer, [photo_key(key)])
        return answer
    unchanged["ETag"], unchanged["Cache-Control"] = etag_of(photo, name), KEPT
    return unchanged
