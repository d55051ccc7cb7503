"""Housekeeping of the roof itself."""

import time
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over, and with them what they remember of people who have left."""
    call_command("clearsessions")


@shared_task
def sweep_queue(keep_seconds: float = 600) -> int:
    """Delete the messages that the filesystem broker has handed out; their number.

    kombu moves every message it delivers to `processed_folder` and never cleans it.
    """
    if settings.REDIS_URL:
        return 0
    folder = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["processed_folder"]))
    old = [f for f in folder.glob("*.msg") if f.stat().st_mtime < time.time() - keep_seconds]
    for message in old:
        message.unlink(missing_ok=True)
    return len(old)
