"""The files of public photos."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from media.files import etag_of, send
from media.models import Photo
from newsroom.http.cache_control import clipped
from newsroom.http.surrogate_keys import mark
from outbox.cache_targets import photo_key

MOST = 300  # seconds for which a browser shows a photo without asking


@require_safe
def photo_file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One file of a photo that something public shows; any other is 404."""
    photo = get_object_or_404(Photo.objects.shown(), key=key)
    # Whoever has it already is told so without a journey to the storage.
    unchanged = get_conditional_response(request, etag=etag_of(photo, name))
    if unchanged is None:
        answer = send(photo, name, cache=terms())
        mark(answer, [photo_key(key)])
        return answer
    unchanged["ETag"], unchanged["Cache-Control"] = etag_of(photo, name), terms()
    return unchanged


def terms() -> str:
    """For how long a photo may be kept: no longer than until the next story comes down or goes out."""
    return f"public, max-age={clipped(MOST) if settings.SHARED_CACHE_SECONDS else MOST}"
