"""The outbox's tick: sort what is new, send couriers; and, at night, forget what is long over."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from outbox.actions import tidy
from outbox.poller import LOOKOUT
from outbox.worker import send_out


@shared_task(name="outbox.tasks.deliver_due")
def deliver_due() -> str:
    """Send a courier to every subscriber with something due, and look out for more until the next
    tick. Does not wait for any of them. May run twice, anywhere, at once."""
    LOOKOUT.watch()
    return f"{len(send_out())} couriers sent out"


@shared_task(name="outbox.tasks.tidy_outbox")
def tidy_outbox() -> str:
    """Delete what was delivered more than DISPATCH_KEEP_DAYS ago; the counts in words."""
    return str(tidy(keep=timedelta(days=settings.DISPATCH_KEEP_DAYS)))
