"""Fan-out: one delivery for each new event and each active subscriber whose patterns match it."""

from django.db import transaction
from django.utils import timezone

from outbox.models import Delivery, Event, Subscriber

FAN_OUT_BATCH_SIZE = 500


def fan_out_all() -> int:
    """Fan out all new events; their number. One index look-up where there is none."""
    total = 0
    while Event.objects.not_fanned_out().exists():
        count = fan_out_batch()
        total += count
        if not count:  # another process was faster
            break
    return total


@transaction.atomic
def fan_out_batch(batch_size: int = FAN_OUT_BATCH_SIZE) -> int:
    """Fan out the next events, in their order; their number.

    The row locks make a second process wait, so that no later event of a key is fanned out before an
    earlier one. All subscribers are locked as well: one that is being enabled gets an event from here or
    from `enable_subscriber`, never from neither.
    """
    events = list(Event.objects.not_fanned_out().select_for_update()[:batch_size])
    if not events:
        return 0
    now = timezone.now()
    subscribers = [
        subscriber
        for subscriber in Subscriber.objects.select_for_update().order_by("pk")
        if subscriber.is_active()
    ]
    Delivery.objects.bulk_create(
        (
            Delivery(event=event, subscriber=subscriber, key=event.key, next_attempt_at=now)
            for event in events
            for subscriber in subscribers
            if subscriber.subscribes_to(event.name)
        ),
        ignore_conflicts=True,
        batch_size=FAN_OUT_BATCH_SIZE,
    )
    Event.objects.filter(pk__in=[event.pk for event in events]).update(fanned_out_at=now)
    return len(events)
