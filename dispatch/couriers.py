"""Couriers: threads that carry deliveries out, a few at a time to each subscriber.

A tick sorts the outbox and sends a courier to every subscriber with something due, then is over; the
courier goes on by itself. So a worker's places stay free for publication however slow somebody's
receiver is, and a slow one holds up nobody but itself.  What keeps the order is one courier to a
subscriber, and of one key one delivery at a time.

A process that dies takes its couriers with it. Their lease ends (actions/serving.py), and the next
tick anywhere sends what was not settled: with the same id, at least once.
"""

import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from django.db import connections
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from dispatch.actions import address_all, come_back, go_on, set_out, settle
from dispatch.models import Delivery, Subscriber
from dispatch.outcomes import Outcome
from dispatch.telling import tell

logger = logging.getLogger(__name__)

COURIERS = 16  # on the way at once from one process
FOR_THE_HEALTHY = 8  # of them, never sent to a subscriber that failed last time
LANES = 4  # deliveries at once to one subscriber
BATCH = 50
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
    """One tick: the couriers that set out now, to be waited for by whoever wants to."""
    address_all()
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
    due = Delivery.objects.due(now).filter(subscriber=OuterRef("pk")).order_by()
    return Subscriber.objects.free(now).filter(Exists(due)).order_by("failures", "pk")


def send_courier(subscriber: Subscriber) -> "Future[Tally] | None":
    """A courier on the way; None when all are out, or somebody was quicker."""
    if not ROOM.take_place(keep_free=FOR_THE_HEALTHY if subscriber.failures else 0):
        return None
    courier = set_out(subscriber)
    if courier is None:
        ROOM.give_back()
        return None
    return ROOM.threads.submit(go, subscriber, courier)


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
    """What is due to it, no two of one key, with its settings as they are now."""
    due = Delivery.objects.due(timezone.now()).filter(subscriber=subscriber)
    return list(due.select_related("event", "subscriber")[:BATCH])


def carry(batch: list[Delivery], *, until: float) -> Tally:
    """Carry a batch over a few lanes and settle each as it comes; how many came to which state."""
    total = Tally()
    for delivery, outcome in told(batch, until=until):
        settled = settle(delivery, outcome=outcome)
        total[settled.state if settled else "vanished"] += 1
    return total


def told(batch: list[Delivery], *, until: float) -> Iterator[tuple[Delivery, Outcome]]:
    """Each delivery with its outcome, as they come in; those not begun in time are left out, and
    after the first sign that nobody is there, all that are left."""
    nobody_there = threading.Event()

    def lane(delivery: Delivery) -> Outcome | None:
        if nobody_there.is_set() or time.monotonic() > until:
            return None
        outcome = tell(delivery.event, subscriber=delivery.subscriber)
        if outcome.is_away():
            nobody_there.set()
        return outcome

    with ThreadPoolExecutor(LANES, thread_name_prefix="lane") as lanes:
        begun = {lanes.submit(lane, delivery): delivery for delivery in batch}
        for coming in as_completed(begun):
            if outcome := coming.result():
                yield begun[coming], outcome
