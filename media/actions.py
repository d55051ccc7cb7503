"""What happens to photos."""

import hashlib
import io
import logging
from collections.abc import Iterable
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from media.errors import DECODING_ERRORS, NoAlternativeText, PhotoChanged, UploadTooLarge
from media.images.headers import read_image_header
from media.images.limits import UnfitImage
from media.images.renditions import Renditions, make_renditions
from media.models import PendingUpload, Photo
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_line

CHUNK_BYTES = 1024 * 1024
logger = logging.getLogger(__name__)


def upload_photo(
    file: IO[bytes],
    *,
    by: User,
    name: str,
    alt: str,
    caption: str = "",
    credit: str = "",
    **focus: float,
) -> Photo:
    """Store an uploaded picture privately, to be decoded by a worker (media/tasks.py).

    Its header is read, no pixel is decoded; what it is, its bytes say, not its name.  `focus` may hold
    focal_x and focal_y.  Raises NotAllowed, TooLarge, NoAlternativeText, and what `media.images.headers`
    finds: NotAPhoto, MovingPicture, TooManyPixels, TooSmall, TooElongated.
    """
    photo = build_photo(file, by=by, name=name, alt=alt, caption=caption, credit=credit, **focus)
    photo.state = Photo.State.PROCESSING
    file.seek(0)
    # The file first: a row without its file would never be ready. A file without a row is deleted by
    # `media.processing.delete_orphaned_originals`.
    original = default_storage.save(f"originals/{photo.key}", File(file))
    try:
        with transaction.atomic():
            photo.save()
            PendingUpload.objects.create(
                photo=photo, original=original, next_attempt_at=timezone.now()
            )
            record_audit(photo, verb="took_in", by=by, name=photo.title)
    except Exception:
        discard_file(original)
        raise
    return photo


def import_photo(raw: bytes, *, by: User, name: str, alt: str, **said: Any) -> Photo:
    """Store a picture and make its renditions at once, in this process; the upload is not kept.

    For commands; a web thread calls `upload`.  Takes and raises what `upload` does.
    """
    photo = build_photo(io.BytesIO(raw), by=by, name=name, alt=alt, **said)
    try:
        picture = make_renditions(raw)
    except UnfitImage as unfit:
        raise DECODING_ERRORS[unfit.code] from None
    # Files first: a row without its files would be a broken picture, files without a row are litter.
    try:
        write_renditions(photo, picture=picture)
        with transaction.atomic():
            photo.save()
            record_audit(photo, verb="took_in", by=by, name=photo.title)
    except Exception:
        discard_renditions(photo)
        raise
    return photo


def build_photo(
    file: IO[bytes],
    *,
    by: User,
    name: str,
    alt: str,
    caption: str = "",
    credit: str = "",
    **focus: float,
) -> Photo:
    """A photo, not yet saved, with what is said of it and what its header claims."""
    require(may_upload_photo(by))
    if file.seek(0, io.SEEK_END) > settings.UPLOAD_MAX_BYTES:
        raise UploadTooLarge
    if is_blank(alt):
        raise NoAlternativeText
    try:
        header = read_image_header(file)
    except UnfitImage as unfit:
        raise DECODING_ERRORS[unfit.code] from None
    return Photo(
        title=normalize_line(name)[:200],
        uploaded_by=by,
        alt=normalize_line(alt),
        caption=normalize_line(caption),
        credit=normalize_line(credit),
        width=header.width,
        height=header.height,
        digest=sha256_of(file),
        **focus,
    )


def sha256_of(file: IO[bytes]) -> str:
    """SHA-256 in hex."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def write_renditions(photo: Photo, *, picture: Renditions) -> None:
    """Write the files readers get, and note them on the photo, which the caller saves."""
    photo.state, photo.failure = Photo.State.READY, ""
    photo.width, photo.height = picture.width, picture.height
    photo.placeholder = picture.placeholder
    photo.sources = [
        {"name": f.name, "width": f.width, "height": f.height, "type": f.type, "bytes": len(f.data)}
        for f in picture.files
    ]
    for made in picture.files:
        path = photo_path(photo, made.name)
        default_storage.delete(path)  # of an attempt that was cut off; a storage renames the second
        default_storage.save(path, ContentFile(made.data))


def photo_path(photo: Photo, name: str) -> str:
    """Where a file of a photo is stored."""
    return f"photos/{photo.key}/{name}"


def discard_renditions(photo: Photo) -> None:
    """Delete the files of a photo that could not be kept, whole or in part: the disk may be full of
    them."""
    for source in photo.sources:
        discard_file(photo_path(photo, source["name"]))


def discard_file(path: str) -> None:
    """Delete a file of what could not be kept. What cannot be deleted either stays and is logged; why
    it was not kept matters more."""
    try:
        default_storage.delete(path)
    except Exception:
        logger.exception("The file %s stays behind", path)


@transaction.atomic
def describe_photo(photo: Photo, *, by: User, version: int | None = None, **words: Any) -> Photo:
    """Change what the library says of a photo: alt, caption, credit, focal_x, focal_y.

    Readers keep the words that were frozen with each edition.  Raises NotAllowed, ChangedMeanwhile,
    NoAlternativeText.
    """
    require(may_describe_photo(by))
    held = Photo.objects.select_for_update().get(pk=photo.pk)
    if version is not None and held.version != version:
        raise PhotoChanged
    if "alt" in words and is_blank(words["alt"]):
        raise NoAlternativeText
    if not words:
        return held
    for name, value in words.items():
        setattr(held, name, normalize_line(value) if isinstance(value, str) else value)
    held.version += 1
    held.save(update_fields=[*words, "version"])
    record_audit(held, verb="described", by=by, fields=sorted(words), version=held.version)
    return held


def may_upload_photo(user: User) -> bool:
    return user.is_active and user.has_perm("media.add_photo")


def may_describe_photo(user: User) -> bool:
    return user.is_active and user.has_perm("media.change_photo")


def lock_photos(photo_ids: Iterable[int]) -> set[int]:
    """Hold these photos until the transaction ends, in the order of their numbers."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk__in=set(photo_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def make_photos_public(photo_ids: Iterable[int]) -> None:
    """Let readers see these photos. Part of showing an article; the caller's transaction."""
    Photo.objects.filter(pk__in=lock_photos(photo_ids)).update(public=True)


def make_photos_private(photo_ids: Iterable[int]) -> None:
    """Take these photos, held by the caller, away from readers."""
    Photo.objects.filter(pk__in=set(photo_ids)).update(public=False)
