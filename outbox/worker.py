"""Couriers: threads that carry deliveries out, a few at a time to each subscriber.

A tick sorts the outbox and sends a courier to every subscriber with something due, then is over; the
courier goes on by itself. So a worker's places stay free for publication however slow somebody's
receiver is, and a slow one holds up nobody but itself.  What keeps the order is one courier to a
subscriber, and of one key one delivery at a time; where nothing is said but "look again" there is no
order to keep, and what waits goes together (letters.py).

A process that dies takes its couriers with it. Their lease ends (actions/serving.py), and the next
tick anywhere sends what was not settled: with the same id, at least once.
"""

import itertools
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from outbox.actions import (
    acquire_lease,
    fan_out_all,
    fan_out_batch,
    record_results,
    release_lease,
    renew_lease,
)
from outbox.sender import send_events
from outbox.models import Delivery, Event, Subscriber

logger = logging.getLogger(__name__)

MAX_DELIVERY_THREADS = 16  # on the way at once from one process
THREADS_RESERVED_FOR_HEALTHY = 8  # of them, never sent to a subscriber that failed last time
WEBHOOK_BATCH_SIZE = 50
# How much goes together. A hub gets one ping however much it is, and IndexNow 10,000 addresses.
BATCH_SIZE_BY_KIND = {
    Subscriber.Kind.PURGE_HTTP: 500,
    Subscriber.Kind.PURGE_FASTLY: 1000,
    Subscriber.Kind.PURGE_CLOUDFLARE: 1000,
    Subscriber.Kind.WEBSUB: 10_000,
    Subscriber.Kind.INDEXNOW: 10_000,
}
# What failed in company is tried in smaller and smaller company, so that one address that nobody
# takes holds up the others no longer than a few attempts.
RETRY_BATCH_DIVISOR = 8
TO_BE_REPEATED = "once more"
# Nothing new is begun after so many seconds; with PATIENCE (telling.py) it stays under LEASE.
DRAIN_BUDGET_SECONDS = 5.0

DeliveryCounts = Counter[str]


class ThreadSlots:
    """The threads of this process, and how many of them are on the way."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(MAX_DELIVERY_THREADS, thread_name_prefix="courier")
        self.lock = threading.Lock()
        self.busy = 0

    def take_place(self, *, keep_free: int) -> bool:
        with self.lock:
            if self.busy >= MAX_DELIVERY_THREADS - keep_free:
                return False
            self.busy += 1
            return True

    def give_back(self) -> None:
        with self.lock:
            self.busy -= 1


THREAD_SLOTS = ThreadSlots()


def dispatch_due() -> list["Future[DeliveryCounts]"]:
    """One tick: the couriers that set out now, to be waited for by whoever wants to. The first are on
    their way while the rest of a long outbox is still being sorted."""
    sent = []
    while Event.objects.not_fanned_out().exists() and fan_out_batch():
        sent += start_deliveries()
    return sent + start_deliveries()


def start_deliveries() -> list["Future[DeliveryCounts]"]:
    return [
        sent
        for subscriber in subscribers_with_due_deliveries()
        if (sent := start_delivery(subscriber))
    ]


def deliver_all_due() -> DeliveryCounts:
    """The same in this thread, until nothing is due: for a person at the keyboard."""
    fan_out_all()
    total = DeliveryCounts()
    for subscriber in subscribers_with_due_deliveries():
        while courier := acquire_lease(subscriber):
            done = drain(subscriber, token=courier)
            total += done
            if not done:
                break
    return total


def subscribers_with_due_deliveries() -> QuerySet[Subscriber]:
    """Subscribers with something due to whom nobody is on the way; those that answer come first."""
    now = timezone.now()
    theirs = Delivery.objects.filter(subscriber=OuterRef("pk"))
    in_line = Q(kind=Subscriber.Kind.WEBHOOK) & Exists(theirs.due(now).order_by())
    together = ~Q(kind=Subscriber.Kind.WEBHOOK) & Exists(theirs.due_for_batch(now).order_by())
    return Subscriber.objects.leasable(now).filter(in_line | together).order_by("failures", "pk")


def start_delivery(subscriber: Subscriber) -> "Future[DeliveryCounts] | None":
    """A courier on the way; None when all are out, or somebody was quicker."""
    if not THREAD_SLOTS.take_place(
        keep_free=THREADS_RESERVED_FOR_HEALTHY if subscriber.failures else 0
    ):
        return None
    courier = acquire_lease(subscriber)
    if courier is None:
        THREAD_SLOTS.give_back()
        return None
    try:
        return THREAD_SLOTS.threads.submit(run_delivery_thread, subscriber, courier)
    except RuntimeError:  # this process is ending; whoever is left need not wait for the lease
        release_lease(subscriber, token=courier)
        THREAD_SLOTS.give_back()
        return None


def run_delivery_thread(subscriber: Subscriber, token: uuid.UUID) -> DeliveryCounts:
    """A courier's way, in a thread with a connection of its own."""
    try:
        return drain_until_idle(subscriber, token)
    except Exception:
        logger.exception("A courier to subscriber %s did not come back", subscriber.pk)
        raise
    finally:
        connections.close_all()
        THREAD_SLOTS.give_back()


def drain_until_idle(subscriber: Subscriber, courier: uuid.UUID | None) -> DeliveryCounts:
    """Serve; and once more what was sorted while this courier still held the lease, for which the
    tick sent nobody and which would wait for the next one."""
    total, until = DeliveryCounts(), time.monotonic() + DRAIN_BUDGET_SECONDS
    while courier:
        total += drain(subscriber, token=courier)
        is_late = (
            time.monotonic() > until
            or not subscribers_with_due_deliveries().filter(pk=subscriber.pk).exists()
        )
        courier = None if is_late else acquire_lease(subscriber)
    return total


def drain(subscriber: Subscriber, *, token: uuid.UUID) -> DeliveryCounts:
    """Carry what is due to one subscriber, as long as it answers and for a few seconds."""
    total, until = DeliveryCounts(), time.monotonic() + DRAIN_BUDGET_SECONDS
    try:
        while time.monotonic() < until and renew_lease(subscriber, token=token):
            batch = next_batch(subscriber)
            carried = deliver_batch(batch, deadline=time.monotonic() + DRAIN_BUDGET_SECONDS)
            total += carried
            if carried.total() < len(batch) or not batch:
                break
    finally:
        release_lease(subscriber, token=token)
    return total


def next_batch(subscriber: Subscriber) -> list[Delivery]:
    """What is due to it, with its settings as they are now: no two of one key, or all that go together."""
    now, current = timezone.now(), Subscriber.objects.get(pk=subscriber.pk)
    mine = Delivery.objects.filter(subscriber=current).select_related("event")
    if current.is_batched():
        batch = list(mine.due_for_batch(now)[: BATCH_SIZE_BY_KIND[Subscriber.Kind(current.kind)]])
    else:
        batch = list(mine.due(now)[:WEBHOOK_BATCH_SIZE])
    for delivery in batch:
        delivery.subscriber = current
    return batch


def deliver_batch(batch: list[Delivery], *, deadline: float) -> DeliveryCounts:
    """Carry a batch and settle each as it comes; how many came to which state."""
    total = DeliveryCounts()
    for company in split_by_attempts(batch):
        before = total.total()
        by_event = {delivery.event_id: delivery for delivery in company}
        events = [delivery.event for delivery in company]
        for outcomes in send_events(events, subscriber=company[0].subscriber, deadline=deadline):
            settled = record_results([(by_event[event], outcomes[event]) for event in outcomes])
            total.update(resulting_state(delivery) for delivery in settled)
            total.update(["vanished"] * (len(outcomes) - len(settled)))
        if total.total() - before < len(company):
            break
    return total


def resulting_state(delivery: Delivery) -> str:
    """The state after an attempt; `ONCE_MORE` where it was accepted and goes out once more."""
    return (
        TO_BE_REPEATED if delivery.is_repeat and not delivery.attempt_count else str(delivery.state)
    )


def split_by_attempts(batch: list[Delivery]) -> Iterator[list[Delivery]]:
    """Those that are told together: as many as have never failed, fewer with every failure."""
    if batch and not batch[0].subscriber.is_batched():
        yield batch
        return
    for tries, alike in itertools.groupby(sorted(batch, key=attempt_count), key=attempt_count):
        size, some = max(1, len(batch) // RETRY_BATCH_DIVISOR**tries), list(alike)
        yield from (some[n : n + size] for n in range(0, len(some), size))


def attempt_count(delivery: Delivery) -> int:
    return delivery.attempt_count
