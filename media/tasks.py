"""Celery tasks of uploads: decode pending ones, delete orphaned originals. Safe to run concurrently."""

import logging
import threading
import time

from celery import shared_task
from django.utils import timezone

from media.processing import claim_next_upload, delete_orphaned_originals, process_upload

logger = logging.getLogger(__name__)
SWEEP_BUDGET_SECONDS = 20  # of one run, so that a worker can shut down soon
# One photo at a time in a worker, which leaves processors and memory to publishing.
PROCESSING_LOCK = threading.Lock()


@shared_task(name="media.tasks.process_uploads")
def process_uploads() -> str:
    """Decode due uploads one after the other; returns at once if this worker is already doing it."""
    if not PROCESSING_LOCK.acquire(blocking=False):
        return "already running"
    try:
        return f"{process_due_uploads(SWEEP_BUDGET_SECONDS)} photos processed"
    finally:
        PROCESSING_LOCK.release()


def process_due_uploads(seconds: float = SWEEP_BUDGET_SECONDS) -> int:
    """Decode due uploads for at most `seconds`; a failure does not stop the next. Returns how many."""
    deadline, processed = time.monotonic() + seconds, 0
    while time.monotonic() < deadline and (upload := claim_next_upload(timezone.now())):
        try:
            process_upload(upload)
        except Exception:
            logger.exception("Photo %s could not be processed and is retried", upload.photo_id)
        processed += 1
    return processed


@shared_task(name="media.tasks.delete_orphaned_uploads")
def delete_orphaned_uploads() -> str:
    """Delete uploaded files that have no row."""
    return f"{delete_orphaned_originals(timezone.now())} orphaned uploads deleted"
