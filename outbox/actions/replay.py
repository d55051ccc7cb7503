"""Replay: send one delivery again, or everything since a time; and send a test event."""

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from audit.actions import record_audit
from outbox.errors import SubscriberDisabled
from outbox.event_types import PING_EVENT
from outbox.models import Delivery, Event, Subscriber

REPLAY_BATCH_SIZE = 500


@transaction.atomic
def replay_delivery(delivery: Delivery, *, by: models.Model) -> Delivery:
    """Send a delivery now in whatever state it is, with the same id and all its attempts before it.

    Raises SubscriberDisabled.
    """
    subscriber = lock_active_subscriber(delivery.subscriber, by=by)
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk, subscriber=subscriber)
    reset_deliveries(Delivery.objects.filter(pk=delivery.pk))
    delivery.refresh_from_db()
    record_audit(delivery, verb="asked_again", by=by)
    return delivery


@transaction.atomic
def replay_events_since(subscriber: Subscriber, *, since: datetime, by: models.Model) -> int:
    """Send all events since a time that match the subscriber's patterns now, in their order; their number.

    Raises SubscriberDisabled.
    """
    subscriber = lock_active_subscriber(subscriber, by=by)
    events = Event.objects.for_subscriber(subscriber).filter(at__gte=since)
    events = events.filter(fanned_out_at__isnull=False)
    rows = list(events.order_by("pk").values_list("pk", "key"))
    reset_deliveries(Delivery.objects.filter(subscriber=subscriber, event__in=events.values("pk")))
    create_deliveries(subscriber, rows)
    record_audit(subscriber, verb="asked_again", by=by, since=since.isoformat(), events=len(rows))
    return len(rows)


def create_missed_deliveries(subscriber: Subscriber, *, since: datetime) -> int:
    """Create deliveries for all matching events that were fanned out since a time and have none yet; the
    number of events. Call it inside a transaction that has locked the subscriber."""
    missed = Event.objects.for_subscriber(subscriber).filter(fanned_out_at__gte=since)
    missed = missed.exclude(deliveries__subscriber=subscriber)
    rows = list(missed.order_by("pk").values_list("pk", "key"))
    create_deliveries(subscriber, rows)
    return len(rows)


@transaction.atomic
def send_test_event(subscriber: Subscriber, *, by: models.Model) -> Delivery:
    """Send a test event to this subscriber alone, as any other delivery. Raises SubscriberDisabled."""
    subscriber = lock_active_subscriber(subscriber, by=by)
    now = timezone.now()
    event = Event.objects.create(name=PING_EVENT, key=f"ping-{subscriber.pk}", fanned_out_at=now)
    record_audit(subscriber, verb="tested", by=by)
    return Delivery.objects.create(
        event=event, subscriber=subscriber, key=event.key, next_attempt_at=now, is_repeat=True
    )


def lock_active_subscriber(subscriber: Subscriber, *, by: models.Model) -> Subscriber:
    """Lock a subscriber and end its pause, in the name of `by`. Raises SubscriberDisabled."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if not subscriber.is_active():
        raise SubscriberDisabled
    subscriber.paused_until, subscriber.changed_by = None, str(by)[:254]
    subscriber.save(update_fields=["paused_until", "changed_by", "changed_at"])
    return subscriber


def reset_deliveries(deliveries: models.QuerySet[Delivery]) -> None:
    """Make deliveries wait, due now, with all attempts before them."""
    deliveries.update(
        state=Delivery.State.WAITING,
        attempt_count=0,
        next_attempt_at=timezone.now(),
        settled_at=None,
        is_repeat=False,
        dismissed_at=None,
    )


def create_deliveries(subscriber: Subscriber, rows: list[tuple[int, str]]) -> None:
    """Create the deliveries of events, given as (pk, key), that have none for this subscriber."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        (
            Delivery(event_id=pk, subscriber=subscriber, key=key, next_attempt_at=now)
            for pk, key in rows
        ),
        ignore_conflicts=True,
        batch_size=REPLAY_BATCH_SIZE,
    )
