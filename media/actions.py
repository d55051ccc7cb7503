"""What happens to photos."""

import hashlib
import logging
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from logbook.actions import record
from media.errors import ChangedMeanwhile, NoAlternativeText, NotAPhoto, TooLarge
from media.models import Photo
from media.pictures import Developed, develop
from newsroom.errors import require
from newsroom.text import is_blank, one_line

logger = logging.getLogger(__name__)
# What a picture may be called. What it is, its bytes say; a page or a script is no photo by any name.
ENDINGS = ("", ".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif")


def take_in(
    raw: bytes,
    *,
    by: User,
    name: str,
    alt: str,
    caption: str = "",
    credit: str = "",
    **focus: float,
) -> Photo:
    """Keep an uploaded picture, as readers may see it later; it is private until an article shows it.

    `focus` may hold focal_x and focal_y. The upload itself is not kept: it holds what must not leave
    the server.  Raises NotAllowed, TooLarge, NotAPhoto, MovingPicture, TooManyPixels,
    NoAlternativeText.
    """
    require(may_take_in(by))
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        raise TooLarge
    if is_blank(alt):
        raise NoAlternativeText
    if PurePath(name).suffix.lower() not in ENDINGS:
        raise NotAPhoto
    words = {"alt": one_line(alt), "caption": one_line(caption), "credit": one_line(credit)}
    return keep(
        Photo(title=one_line(name)[:200], uploaded_by=by, **words, **focus),
        raw=raw,
        picture=develop(raw),
        by=by,
    )


def keep(photo: Photo, *, raw: bytes, picture: Developed, by: User) -> Photo:
    """Write the files, then the row."""
    photo.width, photo.height = picture.width, picture.height
    photo.placeholder = picture.placeholder
    photo.digest = hashlib.sha256(raw).hexdigest()
    photo.sources = [
        {"name": f.name, "width": f.width, "height": f.height, "type": f.type}
        for f in picture.files
    ]
    # Files first: a row without its files would be a broken picture, files without a row are litter.
    try:
        for made in picture.files:
            default_storage.save(path_of(photo, made.name), ContentFile(made.data))
        with transaction.atomic():
            photo.save()
            record(photo, verb="took_in", by=by, name=photo.title)
    except Exception:
        discard(photo)
        raise
    return photo


def path_of(photo: Photo, name: str) -> str:
    """Where a file of a photo is stored."""
    return f"photos/{photo.key}/{name}"


def discard(photo: Photo) -> None:
    """Delete the files of a photo that could not be kept, whole or in part: the disk may be full of
    them. What cannot be deleted either stays and is logged; why the photo was not kept matters more."""
    for source in photo.sources:
        try:
            default_storage.delete(path_of(photo, source["name"]))
        except Exception:
            logger.exception("A file of photo %s stays behind", photo.key)


@transaction.atomic
def describe(photo: Photo, *, by: User, version: int | None = None, **words: Any) -> Photo:
    """Change what is said of a photo: alt, caption, credit, focal_x, focal_y.

    Raises NotAllowed, ChangedMeanwhile, NoAlternativeText.
    """
    require(may_describe(by))
    held = Photo.objects.select_for_update().get(pk=photo.pk)
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    if "alt" in words and is_blank(words["alt"]):
        raise NoAlternativeText
    if not words:
        return held
    for name, value in words.items():
        setattr(held, name, one_line(value) if isinstance(value, str) else value)
    held.version += 1
    held.save(update_fields=[*words, "version"])
    record(held, verb="described", by=by, fields=sorted(words), version=held.version)
    return held


def may_take_in(user: User) -> bool:
    return user.is_active and user.has_perm("media.add_photo")


def may_describe(user: User) -> bool:
    return user.is_active and user.has_perm("media.change_photo")


def lock(photo_ids: Iterable[int]) -> set[int]:
    """Hold these photos until the transaction ends, in the order of their numbers."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk__in=set(photo_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def reveal(photo_ids: Iterable[int]) -> None:
    """Let readers see these photos. Part of showing an article; the caller's transaction."""
    Photo.objects.filter(pk__in=lock(photo_ids)).update(public=True)


def hide(photo_ids: Iterable[int]) -> None:
    """Take these photos, held by the caller, away from readers."""
    Photo.objects.filter(pk__in=set(photo_ids)).update(public=False)
