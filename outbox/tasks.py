"""Celery tasks of the outbox: the worker's tick every second, and the nightly deletion."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from outbox.actions import delete_delivered, delete_old_invalidations
from outbox.worker import WORKER


@shared_task(name="outbox.tasks.deliver_due")
def deliver_due() -> str:
    """Start delivering what is due and poll for more until the next tick; waits for no delivery. May run
    twice, anywhere, at once."""
    return f"{len(WORKER.tick())} deliveries started"


@shared_task(name="outbox.tasks.delete_old_invalidations", ignore_result=True)
def delete_invalidations() -> int:
    """Delete invalidations that every process has read; the number."""
    return delete_old_invalidations()


@shared_task(name="outbox.tasks.tidy_outbox")
def tidy_outbox() -> str:
    """Delete what was delivered more than OUTBOX_RETENTION_DAYS ago; the counts in words."""
    return str(delete_delivered(older_than=timedelta(days=settings.OUTBOX_RETENTION_DAYS)))
