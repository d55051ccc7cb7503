"""Leases: one thread of all processes delivers to a subscriber at a time, which keeps the order."""

import uuid

from django.db import transaction
from django.utils import timezone

from outbox.models import Subscriber
from outbox.subscribers import LEASE_DURATION


@transaction.atomic
def acquire_lease(subscriber: Subscriber) -> uuid.UUID | None:
    """Lease a subscriber for `LEASE_DURATION`; the token of the lease, None when it cannot be leased."""
    token, now = uuid.uuid4(), timezone.now()
    leasable = Subscriber.objects.leasable(now).filter(pk=subscriber.pk)
    acquired = leasable.update(lease_token=token, leased_until=now + LEASE_DURATION)
    return token if acquired else None


@transaction.atomic
def renew_lease(subscriber: Subscriber, *, token: uuid.UUID) -> bool:
    """Extend a lease; False when it was lost, or the subscriber is paused or disabled."""
    now = timezone.now()
    leased = Subscriber.objects.not_paused(now).filter(pk=subscriber.pk, lease_token=token)
    return bool(leased.update(leased_until=now + LEASE_DURATION))


@transaction.atomic
def release_lease(subscriber: Subscriber, *, token: uuid.UUID) -> None:
    """End a lease, if it was not lost."""
    leased = Subscriber.objects.filter(pk=subscriber.pk, lease_token=token)
    leased.update(lease_token=None, leased_until=None)
