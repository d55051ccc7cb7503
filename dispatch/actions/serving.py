"""Who is on the way to a subscriber: one courier at a time, so that order holds."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dispatch.models import Subscriber

# Longer than a courier is ever away between two looks here (dispatch/couriers.py): who does not
# come back by then has died, and somebody else sets out with what was not settled.
LEASE = timedelta(seconds=20)


@transaction.atomic
def set_out(subscriber: Subscriber) -> uuid.UUID | None:
    """A courier's mark, if nobody is on the way to this subscriber; else None."""
    courier, now = uuid.uuid4(), timezone.now()
    free = Subscriber.objects.free(now).filter(pk=subscriber.pk)
    taken = free.update(served_by=courier, served_until=now + LEASE)
    return courier if taken else None


@transaction.atomic
def go_on(subscriber: Subscriber, *, courier: uuid.UUID) -> bool:
    """Whether this courier may carry more: nobody took over, and the subscriber wants to hear."""
    now = timezone.now()
    still = Subscriber.objects.active().exclude(rest_until__gt=now)
    return bool(still.filter(pk=subscriber.pk, served_by=courier).update(served_until=now + LEASE))


@transaction.atomic
def come_back(subscriber: Subscriber, *, courier: uuid.UUID) -> None:
    """Let the next one set out."""
    mine = Subscriber.objects.filter(pk=subscriber.pk, served_by=courier)
    mine.update(served_by=None, served_until=None)
