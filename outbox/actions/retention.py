"""Forget what was delivered long ago, in small transactions; never what waits or what nobody has seen."""

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
    """How many rows are gone."""

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
    """Delete what was settled longer ago than `keep`, with its attempts, and events that nobody waits
    for any more. What was given up stays until a person has put it aside."""
    before = timezone.now() - older_than
    deliveries, attempts = 0, 0
    while True:
        some, tries = delete_settled_deliveries(before, batch_size=batch_size)
        deliveries, attempts = deliveries + some, attempts + tries
        if some < batch_size:
            break
    events = 0
    while some := delete_fanned_out_events(before, batch_size=batch_size):
        events += some
        if some < batch_size:
            break
    return DeletedCounts(deliveries, attempts, events)


@transaction.atomic
def delete_settled_deliveries(before: datetime, *, batch_size: int) -> tuple[int, int]:
    """Deliveries done, or given up and put aside, before a moment: (how many, of their attempts)."""
    done = Q(state=Delivery.State.DONE, settled_at__lt=before)
    aside = Q(state=Delivery.State.DEAD, dismissed_at__lt=before)
    old = Delivery.objects.select_for_update().filter(done | aside).order_by("pk")
    numbers = list(old.values_list("pk", flat=True)[:batch_size])
    attempts, _ = Attempt.objects.filter(delivery__in=numbers).delete()
    Delivery.objects.filter(pk__in=numbers).delete()
    return len(numbers), attempts


@transaction.atomic
def delete_fanned_out_events(before: datetime, *, batch_size: int) -> int:
    """Sorted events from before a moment without a delivery; how many. Those that a subscriber gets
    when it is switched on again stay, and it cannot be switched on or off meanwhile."""
    old = Event.objects.filter(fanned_out_at__lt=before, deliveries__isnull=True)
    for subscriber in Subscriber.objects.select_for_update().order_by("pk"):
        if subscriber.disabled_at:
            kept = Event.objects.for_subscriber(subscriber)
            old = old.exclude(pk__in=kept.filter(fanned_out_at__gte=subscriber.disabled_at))
    numbers = list(old.order_by("pk").values_list("pk", flat=True)[:batch_size])
    Event.objects.filter(pk__in=numbers).delete()
    return len(numbers)


@transaction.atomic
def dismiss_delivery(delivery: Delivery, *, by: models.Model) -> Delivery:
    """Note that a person has seen what was given up; it need not be kept for that any more.

    Raises NotGivenUp for any other. Twice changes nothing.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != Delivery.State.DEAD:
        raise NotGivenUp
    if delivery.dismissed_at is None:
        delivery.dismissed_at = timezone.now()
        delivery.save(update_fields=["dismissed_at"])
        record_audit(delivery, verb="put_aside", by=by)
    return delivery
