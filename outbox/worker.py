"""Outbox worker: delivers events to their subscribers, in threads of a Celery worker process.

1. Tick. A Celery task calls `OutboxWorker.tick` once a second and does not wait for what it starts, so
   no receiver, however slow, keeps a place of the Celery worker from publication.
2. Poll. A tick keeps one thread of its process polling every 0.1 s until after the next tick, so that a
   purge leaves about 0.1 s after its commit. Without ticks nothing polls, and the thread ends.
3. Fan-out. Each new event becomes one `Delivery` for each of its subscribers (actions/fan_out.py).
4. Dispatch. For each subscriber with due deliveries a lease is acquired (actions/leases.py), and a
   thread of the pool drains it: one thread at a time for a subscriber in all processes, which keeps the
   order of events with one key. Subscribers that answer come first and have threads reserved for them.
5. Drain. While the lease can be renewed: read the next batch (for webhooks no two deliveries of one key;
   for caches, hubs and search engines everything that is due, for they need no order), send it over a few
   connections (sender.py, no transaction open), and record each result as it arrives
   (actions/results.py): done, to be retried, given up, subscriber paused.
6. Release the lease, and look once more for what was fanned out while it was held.

Delivery is at least once, with the same id. When a process dies, its leases expire, and the next tick of
any process sends what has no recorded result. Any number of processes may tick and poll at once: rows are
fanned out and leased once.

Steps 5 and 6 run in the only pool. Draining threads wait for sending threads and never the reverse, and
it has room for both, so none of them waits for a free thread.
"""

import itertools
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from operator import attrgetter

from django.db import Error, close_old_connections, connections
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
from outbox.models import Delivery, Event, Subscriber
from outbox.sender import CONNECTIONS_PER_SUBSCRIBER, send_events

logger = logging.getLogger(__name__)

MAX_SUBSCRIBERS_AT_ONCE = 16  # in one process
RESERVED_FOR_HEALTHY = 8  # of them, never for a subscriber whose last attempt failed
MAX_THREADS = MAX_SUBSCRIBERS_AT_ONCE * (1 + CONNECTIONS_PER_SUBSCRIBER)

POLL_INTERVAL_SECONDS = 0.1
POLL_AFTER_TICK_SECONDS = 1.5
IDLE_TIMEOUT_SECONDS = 60.0  # how long the polling thread and its connection wait for the next tick

# No batch is begun later; with sender.CALL_TIMEOUT_SECONDS it stays under subscribers.LEASE_DURATION.
DRAIN_BUDGET_SECONDS = 5.0
WEBHOOK_BATCH_SIZE = 50
# A hub gets one ping however many events there are, and IndexNow 10,000 URLs in a call.
BATCH_SIZE_BY_KIND = {
    Subscriber.Kind.PURGE_HTTP: 500,
    Subscriber.Kind.PURGE_FASTLY: 1000,
    Subscriber.Kind.PURGE_CLOUDFLARE: 1000,
    Subscriber.Kind.WEBSUB: 10_000,
    Subscriber.Kind.INDEXNOW: 10_000,
}
# Deliveries that failed in one batch are retried in smaller batches, so that one URL that is always
# refused holds up the others for a few attempts only.
RETRY_BATCH_DIVISOR = 8

DeliveryCounts = Counter[str]  # by `Delivery.State`, `TO_BE_REPEATED` or `DELETED`
TO_BE_REPEATED = "once more"  # a purge, accepted once (actions/results.py)
DELETED = "vanished"  # the delivery's row is gone


class OutboxWorker:
    """The thread pool and the polling thread of one process. Threads start when they are needed."""

    def __init__(self, *, idle_timeout: float = IDLE_TIMEOUT_SECONDS) -> None:
        self.pool = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="outbox")
        self.condition = threading.Condition()
        self.busy = 0  # subscribers that are being drained
        self.idle_timeout = idle_timeout
        self.poll_until = 0.0  # time.monotonic()
        self.thread: threading.Thread | None = None

    def tick(self) -> list["Future[DeliveryCounts]"]:
        """Dispatch what is due and poll for more until after the next tick; the deliveries begun."""
        self.poll_for(POLL_AFTER_TICK_SECONDS)
        return self.dispatch_due()

    def dispatch_due(self) -> list["Future[DeliveryCounts]"]:
        """Fan out new events and start draining every subscriber with due deliveries; does not wait.

        The first deliveries of a long outbox are under way while the rest is still fanned out.
        """
        started, is_fanned_out = [], False
        while not is_fanned_out:
            is_fanned_out = not (Event.objects.not_fanned_out().exists() and fan_out_batch())
            futures = map(self.start_delivery, subscribers_with_due_deliveries())
            started += [future for future in futures if future]
        return started

    def start_delivery(self, subscriber: Subscriber) -> "Future[DeliveryCounts] | None":
        """Start draining a subscriber; None when no thread is free or another holds the lease."""
        limit = MAX_SUBSCRIBERS_AT_ONCE - (RESERVED_FOR_HEALTHY if subscriber.failures else 0)
        with self.condition:
            if self.busy >= limit:
                return None
            self.busy += 1
        future = None
        try:
            if token := acquire_lease(subscriber):
                try:
                    future = self.pool.submit(self.run_delivery, subscriber, token)
                except RuntimeError:  # the process is ending: the pool takes nothing more
                    release_lease(subscriber, token=token)
        finally:
            if future is None:
                self.free_slot()
        return future

    def free_slot(self) -> None:
        """Count one subscriber less as being drained."""
        with self.condition:
            self.busy -= 1

    def run_delivery(self, subscriber: Subscriber, token: uuid.UUID) -> DeliveryCounts:
        """Drain a subscriber in a thread of the pool, with a database connection of its own."""
        deadline = time.monotonic() + DRAIN_BUDGET_SECONDS
        try:
            counts = drain(subscriber, token=token, pool=self.pool)
            # No tick or poll has dispatched what was fanned out while this thread held the lease.
            while (
                time.monotonic() <= deadline
                and subscribers_with_due_deliveries().filter(pk=subscriber.pk).exists()
                and (next_token := acquire_lease(subscriber))
            ):
                counts += drain(subscriber, token=next_token, pool=self.pool)
        except Exception:
            logger.exception("Delivery to subscriber %s was interrupted", subscriber.pk)
            raise
        else:
            return counts
        finally:
            connections.close_all()
            self.free_slot()

    def poll_for(self, seconds: float) -> None:
        """Poll from now on for so many seconds, in one thread for the process."""
        with self.condition:
            self.poll_until = time.monotonic() + seconds
            if self.thread is None:
                self.thread = threading.Thread(
                    target=self.run_poll, name="outbox-poll", daemon=True
                )
                self.thread.start()
            self.condition.notify()

    def run_poll(self) -> None:
        """The polling thread: poll, wait for the next tick, and again; end after `idle_timeout`."""
        try:
            while self.wait_for_tick():
                self.poll()
        finally:
            connections.close_all()
            with self.condition:
                if self.thread is threading.current_thread():  # it ended by an exception
                    self.thread = None

    def wait_for_tick(self) -> bool:
        """Whether a tick came before the thread was idle for too long and has to end."""
        with self.condition:
            if not self.condition.wait_for(self.is_polling, timeout=self.idle_timeout):
                self.thread = None
                return False
            return True

    def is_polling(self) -> bool:
        """Whether the time to poll after the last tick is not over."""
        return time.monotonic() < self.poll_until

    def poll(self) -> None:
        """Dispatch as soon as something is due, until `poll_until`."""
        close_old_connections()
        try:
            while self.is_polling():
                if has_due_work():
                    self.dispatch_due()
                time.sleep(POLL_INTERVAL_SECONDS)
        except Error:  # the next tick meets the same failure, and its task fails visibly
            logger.warning("Polling of the outbox stopped: the database failed", exc_info=True)
            self.poll_until = 0.0
            connections.close_all()


WORKER = OutboxWorker()


def deliver_all_due() -> DeliveryCounts:
    """Deliver in the calling thread until nothing is due (`manage.py deliver_due`)."""
    fan_out_all()
    total = DeliveryCounts()
    for subscriber in subscribers_with_due_deliveries():
        while token := acquire_lease(subscriber):
            counts = drain(subscriber, token=token, pool=WORKER.pool)
            total += counts
            if not counts:
                break
    return total


def has_due_work() -> bool:
    """Whether anything is to be fanned out or delivered: two index look-ups where nothing is due, and else
    the query for subscribers, which costs ten times as much."""
    if Event.objects.not_fanned_out().exists():
        return True
    is_due = Delivery.objects.ready(timezone.now()).exists()
    return is_due and subscribers_with_due_deliveries().exists()


def subscribers_with_due_deliveries() -> QuerySet[Subscriber]:
    """Subscribers with due deliveries and no lease; those whose last attempt succeeded first."""
    now = timezone.now()
    deliveries = Delivery.objects.filter(subscriber=OuterRef("pk"))
    is_webhook = Q(kind=Subscriber.Kind.WEBHOOK)
    in_order = is_webhook & Exists(deliveries.due(now).order_by())
    batched = ~is_webhook & Exists(deliveries.due_for_batch(now).order_by())
    return Subscriber.objects.leasable(now).filter(in_order | batched).order_by("failures", "pk")


def drain(subscriber: Subscriber, *, token: uuid.UUID, pool: ThreadPoolExecutor) -> DeliveryCounts:
    """Deliver what is due to one subscriber while it answers, for `DRAIN_BUDGET_SECONDS` at most; then
    release the lease. How many deliveries came to which state."""
    total, deadline = DeliveryCounts(), time.monotonic() + DRAIN_BUDGET_SECONDS
    try:
        while time.monotonic() < deadline and renew_lease(subscriber, token=token):
            batch = next_batch(subscriber)
            counts = deliver_batch(batch, pool=pool)
            total += counts
            if not batch or counts.total() < len(batch):
                break
    finally:
        release_lease(subscriber, token=token)
    return total


def next_batch(subscriber: Subscriber) -> list[Delivery]:
    """The due deliveries that are sent next, with the subscriber's settings as they are now: for a
    webhook no two of one key, for other kinds as many as are sent together."""
    now, current = timezone.now(), Subscriber.objects.get(pk=subscriber.pk)
    deliveries = Delivery.objects.filter(subscriber=current).select_related("event")
    if current.is_batched():
        size = BATCH_SIZE_BY_KIND[Subscriber.Kind(current.kind)]
        batch = list(deliveries.due_for_batch(now)[:size])
    else:
        batch = list(deliveries.due(now)[:WEBHOOK_BATCH_SIZE])
    for delivery in batch:
        delivery.subscriber = current
    return batch


def deliver_batch(batch: list[Delivery], *, pool: ThreadPoolExecutor) -> DeliveryCounts:
    """Send a batch and record each result as it arrives; fewer counts than deliveries when the receiver
    became unavailable or the time was over."""
    total, deadline = DeliveryCounts(), time.monotonic() + DRAIN_BUDGET_SECONDS
    for part in split_by_attempts(batch):
        counts = DeliveryCounts()
        by_event = {delivery.event_id: delivery for delivery in part}
        events, subscriber = [delivery.event for delivery in part], part[0].subscriber
        for results in send_events(events, subscriber=subscriber, deadline=deadline, pool=pool):
            recorded = record_results([(by_event[pk], result) for pk, result in results.items()])
            counts.update(resulting_state(delivery) for delivery in recorded)
            counts.update([DELETED] * (len(results) - len(recorded)))
        total += counts
        if counts.total() < len(part):
            break
    return total


def resulting_state(delivery: Delivery) -> str:
    """The state after an attempt; `TO_BE_REPEATED` for a purge that was accepted the first time."""
    is_to_be_repeated = delivery.is_repeat and not delivery.attempt_count
    return TO_BE_REPEATED if is_to_be_repeated else str(delivery.state)


def split_by_attempts(batch: list[Delivery]) -> Iterator[list[Delivery]]:
    """The parts of a batch that are sent together: all that never failed, and smaller parts with each
    failed attempt. A webhook's deliveries are single calls and stay together."""
    if batch and not batch[0].subscriber.is_batched():
        yield batch
        return
    attempts_of = attrgetter("attempt_count")
    for attempts, group in itertools.groupby(sorted(batch, key=attempts_of), key=attempts_of):
        size, rows = max(1, len(batch) // RETRY_BATCH_DIVISOR**attempts), list(group)
        yield from (rows[n : n + size] for n in range(0, len(rows), size))
