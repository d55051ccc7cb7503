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

from outbox.actions import address_all, address_next, come_back, go_on, set_out, settle_all
from outbox.delivery_loop import tell
from outbox.models import Delivery, Event, Subscriber

logger = logging.getLogger(__name__)

COURIERS = 16  # on the way at once from one process
FOR_THE_HEALTHY = 8  # of them, never sent to a subscriber that failed last time
BATCH = 50
# How much goes together. A hub gets one ping however much it is, and IndexNow 10,000 addresses.
TOGETHER = {
    Subscriber.Kind.PURGE_HTTP: 500,
    Subscriber.Kind.PURGE_FASTLY: 1000,
    Subscriber.Kind.PURGE_CLOUDFLARE: 1000,
    Subscriber.Kind.WEBSUB: 10_000,
    Subscriber.Kind.INDEXNOW: 10_000,
}
# What failed in company is tried in smaller and smaller company, so that one address that nobody
# takes holds up the others no longer than a few attempts.
SHRINKING = 8
ONCE_MORE = "once more"
# Nothing new is begun after so many seconds; with PATIENCE (telling.py) it stays under LEASE.
BUDGET = 5.0

Tally = Counter[str]


class Room:
    """The threads of this process, and how many of them are on the way."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(COURIERS, thread_name_prefix="courier")
        self.lock = threading.Lock()
        self.busy = 0

    def take_place(self, *, keep_free: int) -> bool:
        with self.lock:
            if self.busy >= COURIERS - keep_free:
                return False
            self.busy += 1
            return True

    def give_back(self) -> None:
        with self.lock:
            self.busy -= 1


ROOM = Room()


def send_out() -> list["Future[Tally]"]:
    """One tick: the couriers that set out now, to be waited for by whoever wants to. The first are on
    their way while the rest of a long outbox is still being sorted."""
    sent = []
    while Event.objects.unaddressed().exists() and address_next():
        sent += send_couriers()
    return sent + send_couriers()


def send_couriers() -> list["Future[Tally]"]:
    return [sent for subscriber in expecting() if (sent := send_courier(subscriber))]


def carry_all() -> Tally:
    """The same in this thread, until nothing is due: for a person at the keyboard."""
    address_all()
    total = Tally()
    for subscriber in expecting():
        while courier := set_out(subscriber):
            done = serve(subscriber, courier=courier)
            total += done
            if not done:
                break
    return total


def expecting() -> QuerySet[Subscriber]:
    """Subscribers with something due to whom nobody is on the way; those that answer come first."""
    now = timezone.now()
    theirs = Delivery.objects.filter(subscriber=OuterRef("pk"))
    in_line = Q(kind=Subscriber.Kind.WEBHOOK) & Exists(theirs.due(now).order_by())
    together = ~Q(kind=Subscriber.Kind.WEBHOOK) & Exists(theirs.due_together(now).order_by())
    return Subscriber.objects.free(now).filter(in_line | together).order_by("failures", "pk")


def send_courier(subscriber: Subscriber) -> "Future[Tally] | None":
    """A courier on the way; None when all are out, or somebody was quicker."""
    if not ROOM.take_place(keep_free=FOR_THE_HEALTHY if subscriber.failures else 0):
        return None
    courier = set_out(subscriber)
    if courier is None:
        ROOM.give_back()
        return None
    try:
        return ROOM.threads.submit(go, subscriber, courier)
    except RuntimeError:  # this process is ending; whoever is left need not wait for the lease
        come_back(subscriber, courier=courier)
        ROOM.give_back()
        return None


def go(subscriber: Subscriber, courier: uuid.UUID) -> Tally:
    """A courier's way, in a thread with a connection of its own."""
    try:
        return serve_and_look_back(subscriber, courier)
    except Exception:
        logger.exception("A courier to subscriber %s did not come back", subscriber.pk)
        raise
    finally:
        connections.close_all()
        ROOM.give_back()


def serve_and_look_back(subscriber: Subscriber, courier: uuid.UUID | None) -> Tally:
    """Serve; and once more what was sorted while this courier still held the lease, for which the
    tick sent nobody and which would wait for the next one."""
    total, until = Tally(), time.monotonic() + BUDGET
    while courier:
        total += serve(subscriber, courier=courier)
        is_late = time.monotonic() > until or not expecting().filter(pk=subscriber.pk).exists()
        courier = None if is_late else set_out(subscriber)
    return total


def serve(subscriber: Subscriber, *, courier: uuid.UUID) -> Tally:
    """Carry what is due to one subscriber, as long as it answers and for a few seconds."""
    total, until = Tally(), time.monotonic() + BUDGET
    try:
        while time.monotonic() < until and go_on(subscriber, courier=courier):
            batch = next_for(subscriber)
            carried = carry(batch, until=time.monotonic() + BUDGET)
            total += carried
            if carried.total() < len(batch) or not batch:
                break
    finally:
        come_back(subscriber, courier=courier)
    return total


def next_for(subscriber: Subscriber) -> list[Delivery]:
    """What is due to it, with its settings as they are now: no two of one key, or all that go together."""
    now, current = timezone.now(), Subscriber.objects.get(pk=subscriber.pk)
    mine = Delivery.objects.filter(subscriber=current).select_related("event")
    if current.is_told_together():
        batch = list(mine.due_together(now)[: TOGETHER[Subscriber.Kind(current.kind)]])
    else:
        batch = list(mine.due(now)[:BATCH])
    for delivery in batch:
        delivery.subscriber = current
    return batch


def carry(batch: list[Delivery], *, until: float) -> Tally:
    """Carry a batch and settle each as it comes; how many came to which state."""
    total = Tally()
    for company in companies(batch):
        before = total.total()
        by_event = {delivery.event_id: delivery for delivery in company}
        events = [delivery.event for delivery in company]
        for outcomes in tell(events, subscriber=company[0].subscriber, until=until):
            settled = settle_all([(by_event[event], outcomes[event]) for event in outcomes])
            total.update(came_to(delivery) for delivery in settled)
            total.update(["vanished"] * (len(outcomes) - len(settled)))
        if total.total() - before < len(company):
            break
    return total


def came_to(delivery: Delivery) -> str:
    """The state after an attempt; `ONCE_MORE` where it was accepted and goes out once more."""
    return ONCE_MORE if delivery.is_echo and not delivery.tries else str(delivery.state)


def companies(batch: list[Delivery]) -> Iterator[list[Delivery]]:
    """Those that are told together: as many as have never failed, fewer with every failure."""
    if batch and not batch[0].subscriber.is_told_together():
        yield batch
        return
    for tries, alike in itertools.groupby(sorted(batch, key=attempts), key=attempts):
        size, some = max(1, len(batch) // SHRINKING**tries), list(alike)
        yield from (some[n : n + size] for n in range(0, len(some), size))


def attempts(delivery: Delivery) -> int:
    return delivery.tries
