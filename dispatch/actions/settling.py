"""Write down what came of an attempt: done, later, given up, or the subscriber is gone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import Attempt, Delivery, Subscriber
from dispatch.needs import PURGES
from dispatch.outcomes import GONE, Outcome
from dispatch.retrying import CACHE, WEBHOOK, rest_after, wait_before, wished_wait
from logbook.actions import record


@transaction.atomic
def settle(delivery: Delivery, *, outcome: Outcome) -> Delivery | None:
    """The delivery with its outcome and a line in its log; None when it is no longer there.

    An outcome that comes too late, after somebody else's, is only logged.
    """
    seen = delivery.tries
    rows = Delivery.objects.select_related("subscriber").select_for_update(of=("self",))
    current = rows.filter(pk=delivery.pk).first()
    if current is None:
        return None
    log(current, outcome)
    if current.state != Delivery.State.WAITING or current.tries != seen:
        return current
    current.tries += 1
    now = timezone.now()
    if outcome.accepted:
        arrived(current, now)
    elif outcome.status == GONE and current.subscriber.kind == Subscriber.Kind.WEBHOOK:
        current.next_at = now
        switch_itself_off(current.subscriber, now)
    else:
        failed(current, outcome, now)
    current.save(update_fields=["tries", "state", "next_at", "settled_at"])
    return current


def log(delivery: Delivery, outcome: Outcome) -> None:
    if outcome.was_tried():
        Attempt.objects.create(
            delivery=delivery,
            at=outcome.at,
            duration_ms=outcome.duration_ms,
            status=outcome.status,
            excerpt=outcome.excerpt,
            error=outcome.error,
        )


def arrived(delivery: Delivery, now: datetime) -> None:
    delivery.state, delivery.settled_at = Delivery.State.DONE, now
    subscriber = delivery.subscriber
    if subscriber.failures or subscriber.failing_since or subscriber.rest_until:
        Subscriber.objects.filter(pk=subscriber.pk).update(
            failures=0, failing_since=None, rest_until=None
        )


def switch_itself_off(subscriber: Subscriber, now: datetime) -> None:
    """410: the receiver asked for nothing more. What waits, waits until somebody switches it on."""
    reason = _("It answered 410: it wants nothing more.")
    active = Subscriber.objects.active().filter(pk=subscriber.pk)
    if active.update(disabled_at=now, disabled_reason=reason):
        record(subscriber, verb="switched_off", by=None, reason=reason)


def failed(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Later, or never; and leave a subscriber alone that is away or asked for time."""
    schedule = CACHE if delivery.subscriber.kind in PURGES else WEBHOOK
    wish = wished_wait(outcome.retry_after, now=now) if outcome.asks_for_time() else None
    if outcome.is_away():
        leave_alone(delivery.subscriber, wish or timedelta(), now, first=schedule[1])
    wait = wait_before(delivery.tries + 1, schedule=schedule)
    if wait is None:
        delivery.state, delivery.settled_at = Delivery.State.DEAD, now
        unmarked = Subscriber.objects.filter(failing_since__isnull=True)
        unmarked.filter(pk=delivery.subscriber_id).update(failing_since=now)
    else:
        delivery.next_at = now + max(wait, wish or timedelta())


def leave_alone(
    subscriber: Subscriber, wish: timedelta, now: datetime, *, first: timedelta
) -> None:
    """No courier sets out for a while, longer after each failure in a row."""
    rest = max(wish, rest_after(subscriber.failures + 1, first=first))
    Subscriber.objects.filter(pk=subscriber.pk).update(
        failures=F("failures") + 1, rest_until=now + rest
    )
