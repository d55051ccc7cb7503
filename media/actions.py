"""Actions on photos: upload, import, describe, make public or private."""

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
from audit.actions import record_audit, redact_entries
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
    """Store an uploaded image privately, to be decoded by a worker (media/tasks.py).

    Reads the header, decodes no pixel; the format is that of the bytes, whatever the file name.  `focus`
    may have focal_x and focal_y (0 to 1).  Raises NotAllowed, UploadTooLarge, NoAlternativeText, and for
    the header NotAPhoto, AnimatedImage, TooManyPixels, TooSmall, TooElongated.
    """
    require(may_upload_photo(by))
    photo = build_photo(file, by=by, name=name, alt=alt, caption=caption, credit=credit, **focus)
    return store_upload(photo, file, by=by)


def receive_photo(
    file: IO[bytes],
    *,
    name: str,
    alt: str,
    caption: str = "",
    credit: str = "",
    rights: str = "",
    resale_prohibited: bool = False,
) -> Photo:
    """Store an image that came from an agency, privately and within the limits of an upload.

    Texts that are too long are cut. Raises what `upload_photo` does but NotAllowed: no person uploads.
    """
    photo = build_photo(
        file,
        by=None,
        name=name,
        alt=cut_to_column("alt", alt),
        caption=cut_to_column("caption", caption),
        credit=cut_to_column("credit", credit),
    )
    photo.rights, photo.resale_prohibited = rights.strip(), resale_prohibited
    return store_upload(photo, file, by=None)


def cut_to_column(field: str, text: str) -> str:
    """The text on one line, cut to what its column takes."""
    column: Any = Photo._meta.get_field(field)
    limit: int = column.max_length
    line = normalize_line(text)
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def store_upload(photo: Photo, file: IO[bytes], *, by: User | None) -> Photo:
    """Store the file and the row of a photo that a worker is to decode."""
    photo.state = Photo.State.PROCESSING
    file.seek(0)
    # The file first: a row without its file would never be ready, but a file without a row is deleted
    # (`media.processing.delete_orphaned_originals`).
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


def import_photo(raw: bytes, *, by: User, name: str, alt: str, **texts: Any) -> Photo:
    """Store an image and make its renditions at once, in this process; the original is not kept.

    For management commands; web threads call `upload_photo`, which has the same parameters and errors.
    """
    require(may_upload_photo(by))
    photo = build_photo(io.BytesIO(raw), by=by, name=name, alt=alt, **texts)
    try:
        renditions = make_renditions(raw)
    except UnfitImage as unfit:
        raise DECODING_ERRORS[unfit.code] from None
    # Files first: a row without its files would be a broken image; files without a row do no harm.
    try:
        write_renditions(photo, renditions=renditions)
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
    by: User | None,
    name: str,
    alt: str,
    caption: str = "",
    credit: str = "",
    **focus: float,
) -> Photo:
    """An unsaved photo with its texts, and format and size by the header of the file."""
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


def write_renditions(photo: Photo, *, renditions: Renditions) -> None:
    """Write the rendition files and set them on the photo, which the caller saves."""
    photo.state, photo.failure = Photo.State.READY, ""
    photo.width, photo.height = renditions.width, renditions.height
    photo.placeholder = renditions.placeholder
    photo.sources = [
        {"name": f.name, "width": f.width, "height": f.height, "type": f.type, "bytes": len(f.data)}
        for f in renditions.files
    ]
    for file in renditions.files:
        path = photo_path(photo, file.name)
        default_storage.delete(path)  # of an interrupted attempt: a storage renames a second file
        default_storage.save(path, ContentFile(file.data))


def photo_path(photo: Photo, name: str) -> str:
    """The path of a rendition in the storage."""
    return f"photos/{photo.key}/{name}"


def discard_renditions(photo: Photo) -> None:
    """Delete the renditions of a photo that could not be saved; they may have filled the disk."""
    for source in photo.sources:
        discard_file(photo_path(photo, source["name"]))


def discard_file(path: str) -> None:
    """Delete a file while another error is handled, which matters more: a failure is logged only."""
    try:
        default_storage.delete(path)
    except Exception:
        logger.exception("Could not delete the file %s", path)


@transaction.atomic
def describe_photo(photo: Photo, *, by: User, version: int | None = None, **changes: Any) -> Photo:
    """Change the library's description of a photo: alt, caption, credit, focal_x, focal_y.

    Published editions keep the texts that were frozen with them.  `version` is the one the client has
    read.  Raises NotAllowed, PhotoChanged, NoAlternativeText.
    """
    require(may_describe_photo(by))
    locked = Photo.objects.select_for_update().get(pk=photo.pk)
    if version is not None and locked.version != version:
        raise PhotoChanged
    if "alt" in changes and is_blank(changes["alt"]):
        raise NoAlternativeText
    if not changes:
        return locked
    for name, value in changes.items():
        setattr(locked, name, normalize_line(value) if isinstance(value, str) else value)
    locked.version += 1
    locked.save(update_fields=[*changes, "version"])
    record_audit(locked, verb="described", by=by, fields=sorted(changes), version=locked.version)
    return locked


def may_upload_photo(user: User) -> bool:
    """Whether the user may upload photos."""
    return user.is_active and user.has_perm("media.add_photo")


def may_describe_photo(user: User) -> bool:
    """Whether the user may change the descriptions of photos."""
    return user.is_active and user.has_perm("media.change_photo")


def lock_photos(photo_ids: Iterable[int]) -> set[int]:
    """Lock the rows of photos until the transaction ends, in the order of their ids; the ids found."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk__in=set(photo_ids)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def make_photos_public(photo_ids: Iterable[int]) -> None:
    """Lock photos and make them public when their article goes live, in the caller's transaction."""
    Photo.objects.filter(pk__in=lock_photos(photo_ids)).update(public=True)


def make_photos_private(photo_ids: Iterable[int]) -> None:
    """Make photos private again. The caller holds the locks (`lock_photos`)."""
    Photo.objects.filter(pk__in=set(photo_ids)).update(public=False)


def delete_photos(photos: Iterable[Photo], *, label: str) -> list[str]:
    """Delete the rows of photos, in the transaction of a legal erasure; the paths of their files.

    The caller deletes the files after the commit (`delete_photo_files`).
    """
    rows = list(photos)
    uploads = PendingUpload.objects.filter(photo__in=rows).values_list("original", flat=True)
    paths = [*uploads, *(photo_path(p, source["name"]) for p in rows for source in p.sources)]
    redact_entries("media.photo", [photo.pk for photo in rows], label=label)
    Photo.objects.filter(pk__in=[photo.pk for photo in rows]).delete()
    return paths


def delete_photo_files(paths: Iterable[str]) -> list[str]:
    """Delete files of the storage; those that could not be deleted, which are logged."""
    left = []
    for path in paths:
        try:
            default_storage.delete(path)
        except Exception:
            logger.exception("Could not delete the file %s", path)
            left.append(path)
    return left
