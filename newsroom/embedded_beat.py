"""Celery beat as a thread of the worker, for the embedded broker.

Messages of kombu's in-memory transport do not leave their process, and beat's ticks are all that
travels (tasks find due rows, actions never enqueue).  So without REDIS_URL there is one worker process,
with its own beat.  Celery's `--beat` would start beat as a child process.
"""

from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService
from celery.worker import components


class EmbeddedBeat(bootsteps.StartStopStep):
    """Worker step that starts and stops the beat thread, where the broker is in memory."""

    requires = (components.Pool,)

    def include_if(self, worker: Any) -> bool:
        return str(worker.app.conf.broker_url).startswith("memory:")

    def create(self, worker: Any) -> Any:
        return EmbeddedService(worker.app, thread=True)
