"""What happens to photos."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction

from logbook.actions import record
from media.errors import NoAlternativeText, TooLarge
from media.models import Photo
from media.pictures import develop
from newsroom.text import clean, is_blank, one_line


def take_in(
    raw: bytes, *, by: models.Model, name: str, alt: str, caption: str = "", credit: str = ""
) -> Photo:
    """Keep an uploaded picture, as readers may see it later; it is private until an article shows it.

    The upload itself is not kept: it holds what must not leave the server.  Raises TooLarge,
    NotAPhoto, TooManyPixels, NoAlternativeText.
    """
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        raise TooLarge
    if is_blank(alt):
        raise NoAlternativeText
    picture = develop(raw)
    photo = Photo(
        title=one_line(name)[:200],
        alt=one_line(alt),
        caption=one_line(caption),
        credit=one_line(credit),
        width=picture.width,
        height=picture.height,
        placeholder=picture.placeholder,
        digest=hashlib.sha256(raw).hexdigest(),
        uploaded_by_id=by.pk,
        sources=[
            {"name": f.name, "width": f.width, "height": f.height, "type": f.type}
            for f in picture.files
        ],
    )
    # Files first: a row without its files would be a broken picture, files without a row are litter.
    for made in picture.files:
        default_storage.save(f"photos/{photo.key}/{made.name}", ContentFile(made.data))
    with transaction.atomic():
        photo.save()
        record(photo, verb="took_in", by=by, name=photo.title)
    return photo


@transaction.atomic
def describe(photo: Photo, *, by: models.Model, **words: Any) -> Photo:
    """Change what is said of a photo: alt, caption, credit, focal_x, focal_y."""
    if "alt" in words and is_blank(words["alt"]):
        raise NoAlternativeText
    for name, value in words.items():
        setattr(photo, name, clean(value) if isinstance(value, str) else value)
    photo.save(update_fields=list(words))
    record(photo, verb="described", by=by, fields=sorted(words))
    return photo


def lock(photo_ids: Iterable[int]) -> set[int]:
    """Hold these photos until the transaction ends, in the order of their numbers."""
    rows = Photo.objects.select_for_update().filter(pk__in=set(photo_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def reveal(photo_ids: Iterable[int]) -> None:
    """Let readers see these photos. Part of showing an article; the caller's transaction."""
    Photo.objects.filter(pk__in=lock(photo_ids)).update(public=True)


def hide(photo_ids: Iterable[int]) -> None:
    """Take these photos, held by the caller, away from readers."""
    Photo.objects.filter(pk__in=set(photo_ids)).update(public=False)
