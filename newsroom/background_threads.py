"""Background threads of a Celery worker process, for work that waits for other servers.

A Celery task starts a thread and does not wait for it, so that no server, however slow, occupies a slot of
the worker, which publishes. They are daemon threads, for which a worker that stops does not wait: what they
leave undone was claimed for a limited time, and is due again after it.
"""

import threading
from collections.abc import Callable

from django.db import connections


class BackgroundThreads:
    """At most `limit` threads of this process that do one kind of work."""

    def __init__(self, name: str, *, limit: int = 1) -> None:
        self.name = name
        self.slots = threading.BoundedSemaphore(limit)

    def start(self, work: Callable[[], object]) -> threading.Thread | None:
        """Do the work in a thread; None where `limit` run. Raises RuntimeError as the process ends."""
        if not self.slots.acquire(blocking=False):
            return None
        thread = threading.Thread(target=self.run, args=(work,), name=self.name, daemon=True)
        try:
            thread.start()
        except RuntimeError:
            self.slots.release()
            raise
        return thread

    def run(self, work: Callable[[], object]) -> None:
        """Do the work in this thread, then close its database connections and free its slot."""
        try:
            work()
        finally:
            connections.close_all()
            self.slots.release()
