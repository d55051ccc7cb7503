"""Between two ticks: a thread that looks at the outbox ten times a second.

A purge that waits for the next tick is up to a second late. So every tick sets a lookout of its process
on for a little longer than a second; it sends couriers as soon as there is something to carry.  It
keeps no place of the worker.  The next tick may go to another process: for a minute its one connection
stays open, then it ends.  Without ticks nobody looks.  Two that look at once find the same rows and do
them once (actions/addressing.py, actions/serving.py).
"""

import logging
import threading
import time

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from outbox.models import Delivery, Event
from outbox.worker import dispatch_due, subscribers_with_due_deliveries

logger = logging.getLogger(__name__)

POLL_INTERVAL_SECONDS = 0.1
POLL_AFTER_TICK_SECONDS = 1.5  # seconds after each tick
IDLE_TIMEOUT_SECONDS = 60.0


class OutboxPoller:
    """One thread for a process, begun with its first tick."""

    def __init__(self, *, idle_timeout: float = IDLE_TIMEOUT_SECONDS) -> None:
        self.idle = idle_timeout
        self.bell = threading.Condition()
        self.until = 0.0
        self.thread: threading.Thread | None = None

    def poll_for(self, seconds: float = POLL_AFTER_TICK_SECONDS) -> None:
        """Look from now on for so many seconds."""
        with self.bell:
            self.until = time.monotonic() + seconds
            if self.thread is None:
                self.thread = threading.Thread(target=self.stay, name="lookout", daemon=True)
                self.thread.start()
            self.bell.notify()

    def stay(self) -> None:
        """Wait for the next tick, look around until the watch is over, and again."""
        try:
            while self.is_called():
                self.look_around()
        finally:
            connections.close_all()
            with self.bell:
                if self.thread is threading.current_thread():  # it ended in trouble
                    self.thread = None

    def is_called(self) -> bool:
        """Whether a tick came, before this thread has been idle for too long and ends."""
        with self.bell:
            if not self.bell.wait_for(self.is_on, timeout=self.idle):
                self.thread = None
                return False
            return True

    def is_on(self) -> bool:
        return time.monotonic() < self.until

    def look_around(self) -> None:
        close_old_connections()
        try:
            while self.is_on():
                if has_due_work():
                    dispatch_due()
                time.sleep(POLL_INTERVAL_SECONDS)
        except Error:
            # Whoever makes the next tick will meet the same trouble, and is loud about it.
            logger.warning("The lookout lost the database", exc_info=True)
            self.until = 0.0
            connections.close_all()


def has_due_work() -> bool:
    """Whether there is something to carry. Two small questions where nothing is due at all; to whom it
    may be carried is only asked otherwise, for it costs ten times as much."""
    if Event.objects.not_fanned_out().exists():
        return True
    return (
        Delivery.objects.ready(timezone.now()).exists()
        and subscribers_with_due_deliveries().exists()
    )


POLLER = OutboxPoller()
