"""Who is on the way to a subscriber: one courier at a time, so that order holds."""

import uuid

from django.db import transaction
from django.utils import timezone

from outbox.models import Subscriber
from outbox.subscribers import LEASE_DURATION


@transaction.atomic
def acquire_lease(subscriber: Subscriber) -> uuid.UUID | None:
    """A courier's mark, if nobody is on the way to this subscriber; else None."""
    courier, now = uuid.uuid4(), timezone.now()
    free = Subscriber.objects.leasable(now).filter(pk=subscriber.pk)
    taken = free.update(lease_token=courier, leased_until=now + LEASE_DURATION)
    return courier if taken else None


@transaction.atomic
def renew_lease(subscriber: Subscriber, *, token: uuid.UUID) -> bool:
    """Whether this courier may carry more: nobody took over, and the subscriber wants to hear."""
    now = timezone.now()
    mine = Subscriber.objects.not_paused(now).filter(pk=subscriber.pk, lease_token=token)
    return bool(mine.update(leased_until=now + LEASE_DURATION))


@transaction.atomic
def release_lease(subscriber: Subscriber, *, token: uuid.UUID) -> None:
    """Let the next one set out."""
    mine = Subscriber.objects.filter(pk=subscriber.pk, lease_token=token)
    mine.update(lease_token=None, leased_until=None)
