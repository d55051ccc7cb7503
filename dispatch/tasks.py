"""The outbox's tick: sort what is new, send couriers. May run twice, anywhere, at once."""

from celery import shared_task

from dispatch.couriers import send_out


@shared_task(name="dispatch.tasks.deliver_due")
def deliver_due() -> str:
    """Send a courier to every subscriber with something due. Does not wait for them."""
    return f"{len(send_out())} couriers sent out"
