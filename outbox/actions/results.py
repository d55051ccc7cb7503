"""Write down what came of an attempt: done, later, given up, or the subscriber is gone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record_audit
from outbox.attempt_result import GONE_STATUS, AttemptResult
from outbox.models import Attempt, Delivery, Subscriber
from outbox.retry_policy import (
    PURGE_RETRY_DELAYS,
    REPEAT_PURGE_AFTER,
    WEBHOOK_RETRY_DELAYS,
    backoff,
    parse_retry_after,
    pause_after,
)
from outbox.validators import PURGE_KINDS

# The attempt with which a delivery's trouble becomes the subscriber's: after half an hour; caches sooner.
ATTEMPTS_UNTIL_FAILING = {False: 4, True: 7}
RESULT_BATCH_SIZE = 1000
DeliveryResults = list[tuple[Delivery, AttemptResult]]


def record_result(delivery: Delivery, *, result: AttemptResult) -> Delivery | None:
    """The delivery with its outcome and a line in its log; None when it is no longer there.

    An outcome that comes too late, after somebody else's, is only logged.
    """
    settled = record_results([(delivery, result)])
    return settled[0] if settled else None


def record_results(results: DeliveryResults) -> list[Delivery]:
    """The same for many deliveries to one subscriber, in few statements."""
    ordered = sorted(results, key=lambda one: one[0].pk)
    parts = (ordered[n : n + RESULT_BATCH_SIZE] for n in range(0, len(ordered), RESULT_BATCH_SIZE))
    return [delivery for part in parts for delivery in record_result_batch(part)]


@transaction.atomic
def record_result_batch(results: DeliveryResults) -> list[Delivery]:
    rows = Delivery.objects.select_related("subscriber").select_for_update(of=("self",))
    held = rows.filter(pk__in=[delivery.pk for delivery, _ in results]).order_by("pk")
    current = {delivery.pk: delivery for delivery in held}
    there = [(seen, current[seen.pk], outcome) for seen, outcome in results if seen.pk in current]
    create_attempts([(delivery, outcome) for _, delivery, outcome in there])
    fresh = [
        (delivery, outcome) for seen, delivery, outcome in there if is_same_attempt(delivery, seen)
    ]
    now = timezone.now()
    record_successes([delivery for delivery, outcome in fresh if outcome.accepted], now)
    record_failures(
        [(delivery, outcome) for delivery, outcome in fresh if not outcome.accepted], now
    )
    return list(current.values())


def is_same_attempt(current: Delivery, attempted: Delivery) -> bool:
    """Whether nobody else has settled this attempt."""
    waits = current.state == Delivery.State.WAITING
    return waits and (current.attempt_count, current.is_repeat) == (
        attempted.attempt_count,
        attempted.is_repeat,
    )


def create_attempts(results: DeliveryResults) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            delivery=delivery,
            at=outcome.at,
            duration_ms=outcome.duration_ms,
            status=outcome.status,
            excerpt=outcome.excerpt,
            error=outcome.error,
        )
        for delivery, outcome in results
        if outcome.was_attempted()
    )


def record_successes(deliveries: list[Delivery], now: datetime) -> None:
    """Done; a purge only after its echo."""
    if not deliveries:
        return
    for delivery in deliveries:
        if delivery.subscriber.kind in PURGE_KINDS and not delivery.is_repeat:
            delivery.is_repeat, delivery.attempt_count, delivery.next_attempt_at = (
                True,
                0,
                now + REPEAT_PURGE_AFTER,
            )
        else:
            delivery.attempt_count += 1
            delivery.state, delivery.settled_at = Delivery.State.DONE, now
    done = [d.pk for d in deliveries if d.settled_at]
    again = [d.pk for d in deliveries if not d.settled_at]
    Delivery.objects.filter(pk__in=done).update(
        state=Delivery.State.DONE, settled_at=now, attempt_count=F("attempt_count") + 1
    )
    Delivery.objects.filter(pk__in=again).update(
        is_repeat=True, attempt_count=0, next_attempt_at=now + REPEAT_PURGE_AFTER
    )
    subscriber = deliveries[0].subscriber
    if subscriber.failures or subscriber.failing_since or subscriber.paused_until:
        Subscriber.objects.filter(pk=subscriber.pk).update(
            failures=0, failing_since=None, paused_until=None
        )


def record_failures(results: DeliveryResults, now: datetime) -> None:
    """Later, given up, or the subscriber is gone."""
    for delivery, outcome in results:
        delivery.attempt_count += 1
        if outcome.status == GONE_STATUS and delivery.subscriber.kind == Subscriber.Kind.WEBHOOK:
            delivery.next_attempt_at = now
            disable_gone_subscriber(delivery.subscriber, now)
        else:
            schedule_retry(delivery, outcome, now)
    Delivery.objects.bulk_update(
        [delivery for delivery, _ in results],
        ["attempt_count", "state", "next_attempt_at", "settled_at"],
    )
    if away := [outcome for _, outcome in results if outcome.is_receiver_unavailable()]:
        pause_subscriber(results[0][0].subscriber, away[0], now)


def disable_gone_subscriber(subscriber: Subscriber, now: datetime) -> None:
    """410: the receiver asked for nothing more. What waits, waits until somebody switches it on."""
    reason = _("It answered 410: it wants nothing more.")
    active = Subscriber.objects.active().filter(pk=subscriber.pk)
    if active.update(disabled_at=now, disabled_reason=reason):
        record_audit(subscriber, verb="switched_off", by=None, reason=reason)


def schedule_retry(delivery: Delivery, result: AttemptResult, now: datetime) -> None:
    """Later, or never."""
    is_purge = delivery.subscriber.kind in PURGE_KINDS
    wait = backoff(
        delivery.attempt_count + 1, delays=PURGE_RETRY_DELAYS if is_purge else WEBHOOK_RETRY_DELAYS
    )
    if wait is None:
        delivery.state, delivery.settled_at = Delivery.State.DEAD, now
    else:
        delivery.next_attempt_at = now + max(wait, requested_delay(result, now))
    if wait is None or delivery.attempt_count == ATTEMPTS_UNTIL_FAILING[is_purge]:
        unmarked = Subscriber.objects.filter(failing_since__isnull=True)
        unmarked.filter(pk=delivery.subscriber_id).update(failing_since=now)


def requested_delay(result: AttemptResult, now: datetime) -> timedelta:
    """How long the subscriber has asked to be left alone."""
    wish = parse_retry_after(result.retry_after, now=now) if result.asks_for_delay() else None
    return wish or timedelta()


def pause_subscriber(subscriber: Subscriber, result: AttemptResult, now: datetime) -> None:
    """No courier sets out for a while, longer after each failure in a row."""
    first = (PURGE_RETRY_DELAYS if subscriber.kind in PURGE_KINDS else WEBHOOK_RETRY_DELAYS)[1]
    rest = max(requested_delay(result, now), pause_after(subscriber.failures + 1, initial=first))
    Subscriber.objects.filter(pk=subscriber.pk).update(
        failures=F("failures") + 1, paused_until=now + rest
    )
