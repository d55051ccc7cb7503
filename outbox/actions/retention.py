"""Forget what was delivered long ago, in small transactions; never what waits or what nobody has seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from audit.actions import record
from outbox.errors import NotGivenUp
from outbox.models import Attempt, Delivery, Event, Subscriber

AT_ONCE = 1000


@dataclass(frozen=True)
class Tidied:
    """How many rows are gone."""

    deliveries: int = 0
    attempts: int = 0
    events: int = 0

    def __str__(self) -> str:
        return (
            f"{self.deliveries} deliveries with {self.attempts} attempts "
            f"and {self.events} events deleted"
        )


def tidy(*, keep: timedelta, at_once: int = AT_ONCE) -> Tidied:
    """Delete what was settled longer ago than `keep`, with its attempts, and events that nobody waits
    for any more. What was given up stays until a person has put it aside."""
    before = timezone.now() - keep
    deliveries, attempts = 0, 0
    while True:
        some, tries = forget_deliveries(before, at_once=at_once)
        deliveries, attempts = deliveries + some, attempts + tries
        if some < at_once:
            break
    events = 0
    while some := forget_events(before, at_once=at_once):
        events += some
        if some < at_once:
            break
    return Tidied(deliveries, attempts, events)


@transaction.atomic
def forget_deliveries(before: datetime, *, at_once: int) -> tuple[int, int]:
    """Deliveries done, or given up and put aside, before a moment: (how many, of their attempts)."""
    done = Q(state=Delivery.State.DONE, settled_at__lt=before)
    aside = Q(state=Delivery.State.DEAD, looked_at__lt=before)
    old = Delivery.objects.select_for_update().filter(done | aside).order_by("pk")
    numbers = list(old.values_list("pk", flat=True)[:at_once])
    attempts, _ = Attempt.objects.filter(delivery__in=numbers).delete()
    Delivery.objects.filter(pk__in=numbers).delete()
    return len(numbers), attempts


@transaction.atomic
def forget_events(before: datetime, *, at_once: int) -> int:
    """Sorted events from before a moment without a delivery; how many. Those that a subscriber gets
    when it is switched on again stay, and it cannot be switched on or off meanwhile."""
    old = Event.objects.filter(addressed_at__lt=before, deliveries__isnull=True)
    for subscriber in Subscriber.objects.select_for_update().order_by("pk"):
        if subscriber.disabled_at:
            kept = Event.objects.for_subscriber(subscriber)
            old = old.exclude(pk__in=kept.filter(addressed_at__gte=subscriber.disabled_at))
    numbers = list(old.order_by("pk").values_list("pk", flat=True)[:at_once])
    Event.objects.filter(pk__in=numbers).delete()
    return len(numbers)


@transaction.atomic
def put_aside(delivery: Delivery, *, by: models.Model) -> Delivery:
    """Note that a person has seen what was given up; it need not be kept for that any more.

    Raises NotGivenUp for any other. Twice changes nothing.
    """
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != Delivery.State.DEAD:
        raise NotGivenUp
    if delivery.looked_at is None:
        delivery.looked_at = timezone.now()
        delivery.save(update_fields=["looked_at"])
        record(delivery, verb="put_aside", by=by)
    return delivery
