"""Celery tasks of the project itself: expired sessions, delivered messages of the filesystem broker."""

import time
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Delete expired sessions, and with them personal data of people who have left."""
    call_command("clearsessions")


@shared_task
def sweep_queue(keep_seconds: float = 600) -> int:
    """Delete the messages that the filesystem broker has delivered; their number.

    kombu moves every message it delivers to `processed_folder` and never empties it.
    """
    if settings.REDIS_URL:
        return 0
    folder = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["processed_folder"]))
    delivered = [f for f in folder.glob("*.msg") if f.stat().st_mtime < time.time() - keep_seconds]
    for message in delivered:
        message.unlink(missing_ok=True)
    return len(delivered)
