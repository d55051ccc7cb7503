"""Sort the outbox: one delivery for each new event and each subscriber that asked for it."""

from django.db import transaction
from django.utils import timezone

from outbox.models import Delivery, Event, Subscriber

BATCH = 500


def address_all() -> int:
    """Sort everything that is new; the number of events. Costs one look where there is nothing."""
    total = 0
    while Event.objects.unaddressed().exists():
        sorted_now = address_next()
        total += sorted_now
        if not sorted_now:  # somebody else was quicker
            break
    return total


@transaction.atomic
def address_next(size: int = BATCH) -> int:
    """Sort the next events, in their order; how many there were.

    Whoever comes second waits here for the first, so that no later event of a key is sorted before
    an earlier one. All subscribers are held too: one that is switched on in this moment gets its
    share from here or from `switch_on`, never from neither.
    """
    events = list(Event.objects.unaddressed().select_for_update()[:size])
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
            Delivery(event=event, subscriber=subscriber, key=event.key, next_at=now)
            for event in events
            for subscriber in subscribers
            if subscriber.wants(event.name)
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    Event.objects.filter(pk__in=[event.pk for event in events]).update(addressed_at=now)
    return len(events)
