"""Sweeps over uploaded photos. May run twice, anywhere, at once."""

import logging
import threading
import time

from celery import shared_task
from django.utils import timezone

from media.processing import claim_next_upload, delete_orphaned_originals, process_upload

logger = logging.getLogger(__name__)
SWEEP_BUDGET_SECONDS = 20  # of one sweep, so that a worker that is asked to stop soon may
# One photo at a time in a worker: the processors are for whoever publishes, and so is the memory.
PROCESSING_LOCK = threading.Lock()


@shared_task(name="media.tasks.process_uploads")
def process_uploads() -> str:
    """Decode the uploads that wait, one after the other; returns at once where this worker does already."""
    if not PROCESSING_LOCK.acquire(blocking=False):
        return "at it"
    try:
        return f"{process_due_uploads(SWEEP_BUDGET_SECONDS)} photos processed"
    finally:
        PROCESSING_LOCK.release()


def process_due_uploads(seconds: float = SWEEP_BUDGET_SECONDS) -> int:
    """Decode uploads that are due for so many seconds; what fails never holds up the next."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until and (upload := claim_next_upload(timezone.now())):
        try:
            process_upload(upload)
        except Exception:
            logger.exception("Photo %s waits on", upload.photo_id)
        done += 1
    return done


@shared_task(name="media.tasks.delete_orphaned_uploads")
def delete_orphaned_uploads() -> str:
    """Delete uploaded files that no row knows."""
    return f"{delete_orphaned_originals(timezone.now())} orphaned uploads deleted"
