"""The files of public photos."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from media.cache_targets import photo_key
from media.files import photo_file_etag, photo_file_response
from media.models import Photo
from newsroom.http.cache_control import clip_to_next_change
from newsroom.http.surrogate_keys import set_surrogate_keys

MAX_PHOTO_AGE_SECONDS = 300  # seconds for which a browser shows a photo without asking


@require_safe
def photo_file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One file of a photo that something public shows; any other is 404."""
    photo = get_object_or_404(Photo.objects.shown(), key=key)
    # Whoever has it already is told so without a journey to the storage.
    unchanged = get_conditional_response(request, etag=photo_file_etag(photo, name))
    if unchanged is None:
        answer = photo_file_response(photo, name, cache=photo_cache_control())
        set_surrogate_keys(answer, [photo_key(key)])
        return answer
    unchanged["ETag"], unchanged["Cache-Control"] = (
        photo_file_etag(photo, name),
        photo_cache_control(),
    )
    return unchanged


def photo_cache_control() -> str:
    """For how long a photo may be kept: no longer than until the next story comes down or goes out."""
    is_shared = settings.SHARED_CACHE_SECONDS
    seconds = clip_to_next_change(MAX_PHOTO_AGE_SECONDS) if is_shared else MAX_PHOTO_AGE_SECONDS
    return f"public, max-age={seconds}"
