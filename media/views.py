"""View of the rendition files of public photos."""

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

MAX_PHOTO_AGE_SECONDS = 300  # max-age for browsers


@require_safe
def photo_file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A rendition file of a public photo; 304 for a known ETag, 404 for any other photo."""
    photo = get_object_or_404(Photo.objects.public(), key=key)
    etag = photo_file_etag(photo, name)
    # Before the file is opened: a 304 needs no request to the storage.
    not_modified = get_conditional_response(request, etag=etag)
    if not_modified is None:
        response = photo_file_response(photo, name, cache=photo_cache_control())
        set_surrogate_keys(response, [photo_key(key)])
        return response
    not_modified["ETag"], not_modified["Cache-Control"] = etag, photo_cache_control()
    return not_modified


def photo_cache_control() -> str:
    """Cache-Control of a photo file; with a shared cache at most until the next planned change."""
    is_shared = settings.SHARED_CACHE_SECONDS
    seconds = clip_to_next_change(MAX_PHOTO_AGE_SECONDS) if is_shared else MAX_PHOTO_AGE_SECONDS
    return f"public, max-age={seconds}"
