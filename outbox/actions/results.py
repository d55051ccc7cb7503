"""Record the results of delivery attempts: delivered, to be retried, given up; subscribers paused."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record_audit
from outbox.attempt_result import AttemptResult
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

# Failed attempts of one delivery after which its subscriber counts as failing, by whether it is a cache:
# half an hour for webhooks, two minutes for caches.
ATTEMPTS_UNTIL_FAILING = {False: 4, True: 7}
RESULT_BATCH_SIZE = 1000
DeliveryResults = list[tuple[Delivery, AttemptResult]]


def record_result(delivery: Delivery, *, result: AttemptResult) -> Delivery | None:
    """Record one result as `record_results` does; the delivery as it is then, None when it was deleted."""
    recorded = record_results([(delivery, result)])
    return recorded[0] if recorded else None


def record_results(results: DeliveryResults) -> list[Delivery]:
    """Record the results of deliveries to one subscriber, in few statements; the deliveries as they are
    then, without those that were deleted.

    Every result becomes an `Attempt`. A delivery that another thread has settled since it was read
    does not change.
    """
    ordered = sorted(results, key=lambda one: one[0].pk)
    parts = (ordered[n : n + RESULT_BATCH_SIZE] for n in range(0, len(ordered), RESULT_BATCH_SIZE))
    return [delivery for part in parts for delivery in record_result_batch(part)]


@transaction.atomic
def record_result_batch(results: DeliveryResults) -> list[Delivery]:
    """1. Lock the deliveries by their pks. 2. Log the attempts. 3. Of those that no other
    thread has settled since, record successes and failures."""
    locked = Delivery.objects.select_related("subscriber").select_for_update(of=("self",))
    pks = [delivery.pk for delivery, _result in results]
    current = {delivery.pk: delivery for delivery in locked.filter(pk__in=pks).order_by("pk")}
    existing = [(read, current[read.pk], result) for read, result in results if read.pk in current]
    create_attempts([(delivery, result) for _read, delivery, result in existing])
    unsettled = [
        (delivery, result) for read, delivery, result in existing if is_same_attempt(delivery, read)
    ]
    now = timezone.now()
    record_successes([delivery for delivery, result in unsettled if result.accepted], now)
    failures = [(delivery, result) for delivery, result in unsettled if not result.accepted]
    record_failures(failures, now)
    return list(current.values())


def is_same_attempt(current: Delivery, attempted: Delivery) -> bool:
    """Whether the attempt has no recorded result yet."""
    is_waiting = current.state == Delivery.State.WAITING
    return is_waiting and (current.attempt_count, current.is_repeat) == (
        attempted.attempt_count,
        attempted.is_repeat,
    )


def create_attempts(results: DeliveryResults) -> None:
    """Log the attempts for which a request was made."""
    Attempt.objects.bulk_create(
        Attempt(
            delivery=delivery,
            at=result.at,
            duration_ms=result.duration_ms,
            status=result.status,
            excerpt=result.excerpt,
            error=result.error,
        )
        for delivery, result in results
        if result.was_attempted()
    )


def record_successes(deliveries: list[Delivery], now: datetime) -> None:
    """Delivered; but a purge is repeated once, after `REPEAT_PURGE_AFTER`. The subscriber is well again."""
    if not deliveries:
        return
    repeat_at = now + REPEAT_PURGE_AFTER
    for delivery in deliveries:
        if delivery.subscriber.kind in PURGE_KINDS and not delivery.is_repeat:
            delivery.is_repeat, delivery.attempt_count = True, 0
            delivery.next_attempt_at = repeat_at
        else:
            delivery.attempt_count += 1
            delivery.state, delivery.settled_at = Delivery.State.DONE, now
    done = [delivery.pk for delivery in deliveries if delivery.settled_at]
    repeated = [delivery.pk for delivery in deliveries if not delivery.settled_at]
    Delivery.objects.filter(pk__in=done).update(
        state=Delivery.State.DONE, settled_at=now, attempt_count=F("attempt_count") + 1
    )
    Delivery.objects.filter(pk__in=repeated).update(
        is_repeat=True, attempt_count=0, next_attempt_at=repeat_at
    )
    subscriber = deliveries[0].subscriber
    if subscriber.failures or subscriber.failing_since or subscriber.paused_until:
        Subscriber.objects.filter(pk=subscriber.pk).update(
            failures=0, failing_since=None, paused_until=None
        )


def record_failures(results: DeliveryResults, now: datetime) -> None:
    """To be retried or given up; pause a subscriber that is unavailable, disable one that is gone."""
    for delivery, result in results:
        delivery.attempt_count += 1
        is_webhook = delivery.subscriber.kind == Subscriber.Kind.WEBHOOK
        if result.status == HTTPStatus.GONE and is_webhook:
            delivery.next_attempt_at = now
            disable_gone_subscriber(delivery.subscriber, now)
        else:
            schedule_retry(delivery, result, now)
    Delivery.objects.bulk_update(
        [delivery for delivery, _result in results],
        ["attempt_count", "state", "next_attempt_at", "settled_at"],
    )
    unavailable = [result for _delivery, result in results if result.is_receiver_unavailable()]
    if unavailable:
        pause_subscriber(results[0][0].subscriber, unavailable[0], now)


def disable_gone_subscriber(subscriber: Subscriber, now: datetime) -> None:
    """Disable a subscriber that answered 410 (Standard Webhooks). Its waiting deliveries stay until it is
    enabled."""
    reason = _("It answered 410 Gone and accepts no more events.")
    active = Subscriber.objects.active().filter(pk=subscriber.pk)
    if active.update(disabled_at=now, disabled_reason=reason):
        record_audit(subscriber, verb="switched_off", by=None, reason=reason)


def schedule_retry(delivery: Delivery, result: AttemptResult, now: datetime) -> None:
    """Set the time of the next attempt, or give the delivery up after the last; mark the subscriber as
    failing after `ATTEMPTS_UNTIL_FAILING`."""
    is_purge = delivery.subscriber.kind in PURGE_KINDS
    delays = PURGE_RETRY_DELAYS if is_purge else WEBHOOK_RETRY_DELAYS
    delay = backoff(delivery.attempt_count + 1, delays=delays)
    if delay is None:
        delivery.state, delivery.settled_at = Delivery.State.DEAD, now
    else:
        delivery.next_attempt_at = now + max(delay, requested_delay(result, now))
    if delay is None or delivery.attempt_count == ATTEMPTS_UNTIL_FAILING[is_purge]:
        unmarked = Subscriber.objects.filter(failing_since__isnull=True)
        unmarked.filter(pk=delivery.subscriber_id).update(failing_since=now)


def requested_delay(result: AttemptResult, now: datetime) -> timedelta:
    """The delay that a 429 or 503 asks for with Retry-After, else zero."""
    delay = parse_retry_after(result.retry_after, now=now) if result.asks_for_delay() else None
    return delay or timedelta()


def pause_subscriber(subscriber: Subscriber, result: AttemptResult, now: datetime) -> None:
    """Deliver nothing to a subscriber for a while, longer after each failure in a row."""
    delays = PURGE_RETRY_DELAYS if subscriber.kind in PURGE_KINDS else WEBHOOK_RETRY_DELAYS
    pause = pause_after(subscriber.failures + 1, initial=delays[1])
    Subscriber.objects.filter(pk=subscriber.pk).update(
        failures=F("failures") + 1, paused_until=now + max(requested_delay(result, now), pause)
    )
