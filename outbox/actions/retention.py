"""Retention: delete what was delivered long ago, in small transactions.

Never deleted are waiting deliveries, and those that were given up until a person dismisses them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from audit.actions import record_audit
from outbox.errors import NotGivenUp
from outbox.models import Attempt, Delivery, Event, Subscriber

DELETE_BATCH_SIZE = 1000


@dataclass(frozen=True)
class DeletedCounts:
    """How many rows were deleted."""

    deliveries: int = 0
    attempts: int = 0
    events: int = 0

    def __str__(self) -> str:
        return (
            f"{self.deliveries} deliveries with {self.attempts} attempts "
            f"and {self.events} events deleted"
        )


def delete_delivered(
    *, older_than: timedelta, batch_size: int = DELETE_BATCH_SIZE
) -> DeletedCounts:
    """Delete deliveries settled longer ago than `older_than` with their attempts, and events of that age
    that no delivery needs any more."""
    before = timezone.now() - older_than
    deliveries, attempts = 0, 0
    while True:
        count, attempt_count = delete_settled_deliveries(before, batch_size=batch_size)
        deliveries, attempts = deliveries + count, attempts + attempt_count
        if count < batch_size:
            break
    events = 0
    while count := delete_fanned_out_events(before, batch_size=batch_size):
        events += count
        if count < batch_size:
            break
    return DeletedCounts(deliveries, attempts, events)


@transaction.atomic
def delete_settled_deliveries(before: datetime, *, batch_size: int) -> tuple[int, int]:
    """Delete deliveries done, or given up and dismissed, before a time: (deliveries, their attempts)."""
    done = Q(state=Delivery.State.DONE, settled_at__lt=before)
    dismissed = Q(state=Delivery.State.DEAD, dismissed_at__lt=before)
    old = Delivery.objects.select_for_update().filter(done | dismissed).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:batch_size])
    attempts, _ = Attempt.objects.filter(delivery__in=pks).delete()
    Delivery.objects.filter(pk__in=pks).delete()
    return len(pks), attempts


@transaction.atomic
def delete_fanned_out_events(before: datetime, *, batch_size: int) -> int:
    """Delete events fanned out before a time that have no delivery; their number.

    Those that a disabled subscriber gets when it is enabled stay; the lock keeps it from being enabled or
    disabled meanwhile.
    """
    old = Event.objects.filter(fanned_out_at__lt=before, deliveries__isnull=True)
    for subscriber in Subscriber.objects.select_for_update().order_by("pk"):
        if subscriber.disabled_at:
            missed = Event.objects.for_subscriber(subscriber)
            old = old.exclude(pk__in=missed.filter(fanned_out_at__gte=subscriber.disabled_at))
    pks = list(old.order_by("pk").values_list("pk", flat=True)[:batch_size])
    Event.objects.filter(pk__in=pks).delete()
    return len(pks)


@transaction.atomic
def dismiss_delivery(delivery: Delivery, *, by: models.Model) -> Delivery:
    """Dismiss a delivery that was given up: a person has seen it, and retention may delete it.

    Idempotent. Raises NotGivenUp for any other delivery.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != Delivery.State.DEAD:
        raise NotGivenUp
    if delivery.dismissed_at is None:
        delivery.dismissed_at = timezone.now()
        delivery.save(update_fields=["dismissed_at"])
        record_audit(delivery, verb="put_aside", by=by)
    return delivery
