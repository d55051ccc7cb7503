"""The outbox's tick: sort what is new, send couriers; and, at night, forget what is long over."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from outbox.actions import delete_delivered
from outbox.poller import POLLER
from outbox.worker import dispatch_due


@shared_task(name="outbox.tasks.deliver_due")
def deliver_due() -> str:
    """Send a courier to every subscriber with something due, and look out for more until the next
    tick. Does not wait for any of them. May run twice, anywhere, at once."""
    POLLER.poll_for()
    return f"{len(dispatch_due())} couriers sent out"


@shared_task(name="outbox.tasks.tidy_outbox")
def tidy_outbox() -> str:
    """Delete what was delivered more than DISPATCH_KEEP_DAYS ago; the counts in words."""
    return str(delete_delivered(older_than=timedelta(days=settings.DISPATCH_KEEP_DAYS)))
