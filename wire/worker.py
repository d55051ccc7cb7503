"""Fetch worker: fetches due channels and pictures in threads of their own in a Celery worker process.

Any number of processes may run, since a lease lets one of them have a channel (docs/wire_channels.md).
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from newsroom.background_threads import BackgroundThreads
from wire.actions.channels import fetch_due_channel
from wire.actions.photos import fetch_due_picture
from wire.models import Channel, StoryPhoto

logger = logging.getLogger(__name__)
MAX_RUNS_OF_A_THREAD = 50
THREADS = BackgroundThreads("wire-fetch", limit=3)


def start_fetching() -> threading.Thread | None:
    """Start a thread where something is due and fewer than three of this process run; the thread."""
    now = timezone.now()
    is_due = Channel.objects.due(now).exists() or StoryPhoto.objects.due(now).exists()
    return THREADS.start(fetch_due) if is_due else None


def fetch_due() -> int:
    """Fetch due channels, then due pictures; how many were tried. A failure does not stop the next."""
    return fetch_all(fetch_due_channel) + fetch_all(fetch_due_picture)


def fetch_all(fetch_next: Callable[[datetime], object | None]) -> int:
    """Call `fetch_next` until nothing is due, at most MAX_RUNS_OF_A_THREAD times; how many were tried."""
    for number in range(MAX_RUNS_OF_A_THREAD):
        try:
            if fetch_next(timezone.now()) is None:
                return number
        except Exception:
            logger.exception("Something of the wire was not fetched")
    return MAX_RUNS_OF_A_THREAD
