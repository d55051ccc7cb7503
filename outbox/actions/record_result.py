"""Write down what came of an attempt: done, later, given up, or the subscriber is gone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from outbox.attempt_result import GONE, Outcome
from outbox.models import Attempt, Delivery, Subscriber
from outbox.retry_policy import CACHE, ECHO_AFTER, WEBHOOK, rest_after, wait_before, wished_wait
from outbox.validators import PURGES

# The attempt with which a delivery's trouble becomes the subscriber's: after half an hour; caches sooner.
TELLING = {False: 4, True: 7}
AT_ONCE = 1000
Settled = list[tuple[Delivery, Outcome]]


def settle(delivery: Delivery, *, outcome: Outcome) -> Delivery | None:
    """The delivery with its outcome and a line in its log; None when it is no longer there.

    An outcome that comes too late, after somebody else's, is only logged.
    """
    settled = settle_all([(delivery, outcome)])
    return settled[0] if settled else None


def settle_all(outcomes: Settled) -> list[Delivery]:
    """The same for many deliveries to one subscriber, in few statements."""
    ordered = sorted(outcomes, key=lambda one: one[0].pk)
    parts = (ordered[n : n + AT_ONCE] for n in range(0, len(ordered), AT_ONCE))
    return [delivery for part in parts for delivery in settle_some(part)]


@transaction.atomic
def settle_some(outcomes: Settled) -> list[Delivery]:
    rows = Delivery.objects.select_related("subscriber").select_for_update(of=("self",))
    held = rows.filter(pk__in=[delivery.pk for delivery, _ in outcomes]).order_by("pk")
    current = {delivery.pk: delivery for delivery in held}
    there = [(seen, current[seen.pk], outcome) for seen, outcome in outcomes if seen.pk in current]
    log([(delivery, outcome) for _, delivery, outcome in there])
    fresh = [(delivery, outcome) for seen, delivery, outcome in there if is_as_seen(delivery, seen)]
    now = timezone.now()
    arrived([delivery for delivery, outcome in fresh if outcome.accepted], now)
    went_wrong([(delivery, outcome) for delivery, outcome in fresh if not outcome.accepted], now)
    return list(current.values())


def is_as_seen(current: Delivery, seen: Delivery) -> bool:
    """Whether nobody else has settled this attempt."""
    waits = current.state == Delivery.State.WAITING
    return waits and (current.tries, current.is_echo) == (seen.tries, seen.is_echo)


def log(outcomes: Settled) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            delivery=delivery,
            at=outcome.at,
            duration_ms=outcome.duration_ms,
            status=outcome.status,
            excerpt=outcome.excerpt,
            error=outcome.error,
        )
        for delivery, outcome in outcomes
        if outcome.was_tried()
    )


def arrived(deliveries: list[Delivery], now: datetime) -> None:
    """Done; a purge only after its echo."""
    if not deliveries:
        return
    for delivery in deliveries:
        if delivery.subscriber.kind in PURGES and not delivery.is_echo:
            delivery.is_echo, delivery.tries, delivery.next_at = True, 0, now + ECHO_AFTER
        else:
            delivery.tries += 1
            delivery.state, delivery.settled_at = Delivery.State.DONE, now
    done = [d.pk for d in deliveries if d.settled_at]
    again = [d.pk for d in deliveries if not d.settled_at]
    Delivery.objects.filter(pk__in=done).update(
        state=Delivery.State.DONE, settled_at=now, tries=F("tries") + 1
    )
    Delivery.objects.filter(pk__in=again).update(is_echo=True, tries=0, next_at=now + ECHO_AFTER)
    subscriber = deliveries[0].subscriber
    if subscriber.failures or subscriber.failing_since or subscriber.rest_until:
        Subscriber.objects.filter(pk=subscriber.pk).update(
            failures=0, failing_since=None, rest_until=None
        )


def went_wrong(outcomes: Settled, now: datetime) -> None:
    """Later, given up, or the subscriber is gone."""
    for delivery, outcome in outcomes:
        delivery.tries += 1
        if outcome.status == GONE and delivery.subscriber.kind == Subscriber.Kind.WEBHOOK:
            delivery.next_at = now
            switch_itself_off(delivery.subscriber, now)
        else:
            put_off(delivery, outcome, now)
    Delivery.objects.bulk_update(
        [delivery for delivery, _ in outcomes], ["tries", "state", "next_at", "settled_at"]
    )
    if away := [outcome for _, outcome in outcomes if outcome.is_away()]:
        leave_alone(outcomes[0][0].subscriber, away[0], now)


def switch_itself_off(subscriber: Subscriber, now: datetime) -> None:
    """410: the receiver asked for nothing more. What waits, waits until somebody switches it on."""
    reason = _("It answered 410: it wants nothing more.")
    active = Subscriber.objects.active().filter(pk=subscriber.pk)
    if active.update(disabled_at=now, disabled_reason=reason):
        record(subscriber, verb="switched_off", by=None, reason=reason)


def put_off(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Later, or never."""
    is_purge = delivery.subscriber.kind in PURGES
    wait = wait_before(delivery.tries + 1, schedule=CACHE if is_purge else WEBHOOK)
    if wait is None:
        delivery.state, delivery.settled_at = Delivery.State.DEAD, now
    else:
        delivery.next_at = now + max(wait, wish_of(outcome, now))
    if wait is None or delivery.tries == TELLING[is_purge]:
        unmarked = Subscriber.objects.filter(failing_since__isnull=True)
        unmarked.filter(pk=delivery.subscriber_id).update(failing_since=now)


def wish_of(outcome: Outcome, now: datetime) -> timedelta:
    """How long the subscriber has asked to be left alone."""
    wish = wished_wait(outcome.retry_after, now=now) if outcome.asks_for_time() else None
    return wish or timedelta()


def leave_alone(subscriber: Subscriber, outcome: Outcome, now: datetime) -> None:
    """No courier sets out for a while, longer after each failure in a row."""
    first = (CACHE if subscriber.kind in PURGES else WEBHOOK)[1]
    rest = max(wish_of(outcome, now), rest_after(subscriber.failures + 1, first=first))
    Subscriber.objects.filter(pk=subscriber.pk).update(
        failures=F("failures") + 1, rest_until=now + rest
    )
