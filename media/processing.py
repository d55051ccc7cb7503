"""Processing of uploads: claim, decode, write the renditions, delete the original.

Found by a sweep (media/tasks.py), which may run twice, anywhere, at once.
"""

import logging
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.actions import record_audit
from media.actions import CHUNK_BYTES, write_renditions
from media.errors import CannotDecode, UploadLost
from media.images.limits import UnfitImage
from media.images.renditions import Renditions
from media.images.sandbox import DECODE_TIMEOUT_SECONDS, DecoderCrashed, make_renditions_in_child
from media.models import PendingUpload, Photo

logger = logging.getLogger(__name__)
# For how long an upload belongs to the worker that claimed it.
CLAIM_LEASE = timedelta(seconds=DECODE_TIMEOUT_SECONDS + 30)
UPLOAD_RETRY_DELAY = timedelta(seconds=10)
MAX_DECODE_ATTEMPTS = 3
ORPHAN_MIN_AGE = timedelta(days=1)


def claim_next_upload(now: datetime) -> PendingUpload | None:
    """The oldest upload that is due, which is this worker's for LEASE; None without one."""
    for upload in PendingUpload.objects.due(now)[:10]:
        mine = PendingUpload.objects.filter(pk=upload.pk, next_attempt_at=upload.next_attempt_at)
        if mine.update(next_attempt_at=now + CLAIM_LEASE, attempts=F("attempts") + 1):
            return PendingUpload.objects.select_related("photo").get(pk=upload.pk)
    return None


def process_upload(upload: PendingUpload) -> Photo:
    """Decode a claimed upload: afterwards its photo is ready, or failed with the reason.

    What is no fault of the file (the storage is away, the disk is full) is raised, and the upload is
    due again a little later.
    """
    if upload.attempts > MAX_DECODE_ATTEMPTS:  # each ended with the worker
        return record_upload_failed(upload, code=CannotDecode.code)
    try:
        picture = decode_upload(upload)
        write_renditions(upload.photo, picture=picture)
        return record_upload_ready(upload, picture=picture)
    except UnfitImage as unfit:
        return record_upload_failed(upload, code=unfit.code)
    except DecoderCrashed as crash:
        logger.warning("Photo %s was not decoded: %s", upload.photo_id, crash)
        if upload.attempts < MAX_DECODE_ATTEMPTS:
            postpone_upload(upload)
            return upload.photo
        return record_upload_failed(upload, code=CannotDecode.code)
    except Exception:
        postpone_upload(upload, counts=False)
        raise


def decode_upload(upload: PendingUpload) -> Renditions:
    """The renditions of an upload. Raises UnfitImage, DecoderCrashed."""
    with tempfile.TemporaryDirectory(prefix="newsroom-photo-") as name:
        folder = Path(name)
        original = folder / "original"
        try:
            with default_storage.open(upload.original) as stored, original.open("wb") as copy:
                while chunk := stored.read(CHUNK_BYTES):
                    copy.write(chunk)
        except FileNotFoundError:
            raise UnfitImage(UploadLost.code) from None
        return make_renditions_in_child(original, folder)


def postpone_upload(upload: PendingUpload, *, counts: bool = True) -> None:
    """Let it be due again a little later; an attempt that was no fault of the file does not count."""
    upload.next_attempt_at = timezone.now() + UPLOAD_RETRY_DELAY
    upload.attempts -= 0 if counts else 1
    upload.save(update_fields=["next_attempt_at", "attempts"])


@transaction.atomic
def record_upload_ready(upload: PendingUpload, *, picture: Renditions) -> Photo:
    """Note the renditions on the photo. Nothing is changed where another worker was quicker."""
    photo = Photo.objects.select_for_update().get(pk=upload.photo_id)
    if not dequeue_upload(upload):
        return photo
    for name in ("state", "failure", "width", "height", "placeholder", "sources"):
        setattr(photo, name, getattr(upload.photo, name))
    photo.save(update_fields=["state", "failure", "width", "height", "placeholder", "sources"])
    record_audit(photo, verb="processed", by=None, width=photo.width, height=photo.height)
    return photo


@transaction.atomic
def record_upload_failed(upload: PendingUpload, *, code: str) -> Photo:
    """Note on the photo why it cannot be read."""
    photo = Photo.objects.select_for_update().get(pk=upload.photo_id)
    if not dequeue_upload(upload):
        return photo
    photo.state, photo.failure = Photo.State.FAILED, code
    photo.save(update_fields=["state", "failure"])
    record_audit(photo, verb="unreadable", by=None, code=code)
    return photo


def dequeue_upload(upload: PendingUpload) -> bool:
    """Take the upload out of the queue; its original, which holds what must not leave the server, is
    deleted once that is certain. False where that was done before."""
    removed, _rows = PendingUpload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(partial(default_storage.delete, upload.original))
    return bool(removed)


def delete_orphaned_originals(now: datetime) -> int:
    """Delete originals that no row knows: of a process that was killed between file and row, or of one
    that could not delete; how many."""
    if not default_storage.exists("originals"):
        return 0
    known = set(PendingUpload.objects.values_list("original", flat=True))
    deleted = 0
    for name in default_storage.listdir("originals")[1]:
        path = f"originals/{name}"
        old = default_storage.get_modified_time(path) < now - ORPHAN_MIN_AGE
        if path not in known and old:
            default_storage.delete(path)
            deleted += 1
    return deleted
