"""Who is on the way to a subscriber: one courier at a time, so that order holds."""

import uuid

from django.db import transaction
from django.utils import timezone

from outbox.models import Subscriber
from outbox.subscribers import LEASE


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
    mine = Subscriber.objects.rested(now).filter(pk=subscriber.pk, served_by=courier)
    return bool(mine.update(served_until=now + LEASE))


@transaction.atomic
def come_back(subscriber: Subscriber, *, courier: uuid.UUID) -> None:
    """Let the next one set out."""
    mine = Subscriber.objects.filter(pk=subscriber.pk, served_by=courier)
    mine.update(served_by=None, served_until=None)
