"""Fetch worker: fetches due channels and pictures in threads of their own in a Celery worker process.

The Celery task starts a thread and does not wait for it, so that no server, however slow, keeps a place of
the worker from publication. Few threads a process; any number of processes may run, since a lease lets one
of them have a channel. They are daemon threads, for which a worker that stops does not wait: a lease and a
claim expire, and nothing is lost at any moment (docs/wire_channels.md).
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connections
from django.utils import timezone

from wire.actions.channels import fetch_due_channel
from wire.actions.photos import fetch_due_picture
from wire.models import Channel, StoryPhoto

logger = logging.getLogger(__name__)
MAX_THREADS = 3
MAX_RUNS_OF_A_THREAD = 50
PLACES = threading.BoundedSemaphore(MAX_THREADS)


def start_fetching() -> threading.Thread | None:
    """Start a thread where something is due and this process has a place left; the thread."""
    now = timezone.now()
    is_due = Channel.objects.due(now).exists() or StoryPhoto.objects.due(now).exists()
    if not is_due or not PLACES.acquire(blocking=False):
        return None
    thread = threading.Thread(target=run_fetching, name="wire-fetch", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # the process is ending
        PLACES.release()
        raise
    return thread


def run_fetching() -> None:
    """Fetch what is due, in the thread."""
    try:
        fetch_due()
    finally:
        connections.close_all()
        PLACES.release()


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
