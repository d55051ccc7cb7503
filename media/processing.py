"""Processing of uploads: claim, decode, write the renditions, delete the original.

Called by a task (media/tasks.py) that may run several times at once, in any worker.
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
# How long an upload stays claimed by a worker; then another one may claim it.
CLAIM_LEASE = timedelta(seconds=DECODE_TIMEOUT_SECONDS + 30)
UPLOAD_RETRY_DELAY = timedelta(seconds=10)
MAX_DECODE_ATTEMPTS = 3
ORPHAN_MIN_AGE = timedelta(days=1)


def claim_next_upload(now: datetime) -> PendingUpload | None:
    """Claim the oldest due upload for CLAIM_LEASE; None without one."""
    for upload in PendingUpload.objects.due(now)[:10]:
        same = PendingUpload.objects.filter(pk=upload.pk, next_attempt_at=upload.next_attempt_at)
        if same.update(next_attempt_at=now + CLAIM_LEASE, attempts=F("attempts") + 1):
            return PendingUpload.objects.select_related("photo").get(pk=upload.pk)
    return None


def process_upload(upload: PendingUpload) -> Photo:
    """Decode a claimed upload; afterwards its photo is `ready`, or `failed` with the reason.

    An error that is not the file's fault (storage unavailable, disk full) is raised, and the upload is
    due again after UPLOAD_RETRY_DELAY.
    """
    if upload.attempts > MAX_DECODE_ATTEMPTS:  # the worker died in each of them
        return record_upload_failed(upload, code=CannotDecode.code)
    try:
        renditions = decode_upload(upload)
        write_renditions(upload.photo, renditions=renditions)
        return record_upload_ready(upload)
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
    """Decode an upload into renditions, in a child process. Raises UnfitImage, DecoderCrashed."""
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
    """Make an upload due again after UPLOAD_RETRY_DELAY; `counts` False does not count the attempt."""
    upload.next_attempt_at = timezone.now() + UPLOAD_RETRY_DELAY
    upload.attempts -= 0 if counts else 1
    upload.save(update_fields=["next_attempt_at", "attempts"])


@transaction.atomic
def record_upload_ready(upload: PendingUpload) -> Photo:
    """Save the renditions set on `upload.photo`; nothing changes if another worker has finished first."""
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
    """Mark the photo as failed, with the code of the reason."""
    photo = Photo.objects.select_for_update().get(pk=upload.photo_id)
    if not dequeue_upload(upload):
        return photo
    photo.state, photo.failure = Photo.State.FAILED, code
    photo.save(update_fields=["state", "failure"])
    record_audit(photo, verb="unreadable", by=None, code=code)
    return photo


def dequeue_upload(upload: PendingUpload) -> bool:
    """Remove an upload from the queue, and on commit its original, which has private metadata.

    Returns False if another worker has removed it already.
    """
    removed, _rows = PendingUpload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(partial(default_storage.delete, upload.original))
    return bool(removed)


def delete_orphaned_originals(now: datetime) -> int:
    """Delete originals without a row that are older than ORPHAN_MIN_AGE; returns how many.

    A process that is killed between file and row, or that cannot delete a file, leaves them behind.
    """
    if not default_storage.exists("originals"):
        return 0
    known = set(PendingUpload.objects.values_list("original", flat=True))
    deleted = 0
    for name in default_storage.listdir("originals")[1]:
        path = f"originals/{name}"
        is_old = default_storage.get_modified_time(path) < now - ORPHAN_MIN_AGE
        if path not in known and is_old:
            default_storage.delete(path)
            deleted += 1
    return deleted
