"""Sort the outbox: one delivery for each new event and each subscriber that asked for it."""

from django.db import transaction
from django.utils import timezone

from outbox.models import Delivery, Event, Subscriber

FAN_OUT_BATCH_SIZE = 500


def fan_out_all() -> int:
    """Sort everything that is new; the number of events. Costs one look where there is nothing."""
    total = 0
    while Event.objects.not_fanned_out().exists():
        sorted_now = fan_out_batch()
        total += sorted_now
        if not sorted_now:  # somebody else was quicker
            break
    return total


@transaction.atomic
def fan_out_batch(batch_size: int = FAN_OUT_BATCH_SIZE) -> int:
    """Sort the next events, in their order; how many there were.

    Whoever comes second waits here for the first, so that no later event of a key is sorted before
    an earlier one. All subscribers are held too: one that is switched on in this moment gets its
    share from here or from `switch_on`, never from neither.
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
