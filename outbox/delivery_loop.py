"""Tell a subscriber of events: build the requests, send them, say what came of each event.

No database, no transaction: this part of a delivery takes as long as somebody else likes.
"""

import http.client
import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.utils import timezone

from newsroom.errors import Refused
from newsroom.text.normalization import one_line
from outbox.attempt_result import Outcome
from outbox.http_client import Caller
from outbox.models import Event, Subscriber
from outbox.payloads import Parcel, parcels

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for one call: name look-up, connection, TLS, sending, the answer
LANES = 4  # calls at once to one subscriber
LONGEST_ERROR = 300

Outcomes = dict[int, Outcome]  # by the number of the event
Come = tuple[Parcel, Outcome] | None  # None: a lane has ended


def tell(events: list[Event], *, subscriber: Subscriber, until: float) -> Iterator[Outcomes]:
    """The outcomes of one attempt, as they come in. Whatever goes wrong is an outcome too.

    Events whose calls were not all begun by `until` (time.monotonic()) are left out; and after the
    first sign that nobody is there, all that are left.
    """
    now = timezone.now()
    try:
        packed = parcels(events, subscriber=subscriber, now=now)
    except Exception as broken:
        logger.exception("Events from %s on could not be told to %s", events[0].pk, subscriber.pk)
        yield dict.fromkeys((event.pk for event in events), failed(now, 0.0, broken))
        return
    ledger = Ledger(packed)
    if nothing := [event.pk for event in events if event.pk not in ledger.open]:
        yield dict.fromkeys(nothing, Outcome(at=now, duration_ms=0, accepted=True))
    for sent in over_lanes(packed, until=until):
        outcomes: Outcomes = {}
        for parcel, outcome in sent:
            outcomes |= ledger.note(parcel, outcome)
        if outcomes:
            yield outcomes


class Ledger:
    """Which events still have calls under way. One is told when all were accepted, and has failed
    with the first that was not."""

    def __init__(self, packed: list[Parcel]) -> None:
        self.open = Counter(event for parcel in packed for event in parcel.events)

    def note(self, parcel: Parcel, outcome: Outcome) -> Outcomes:
        """The outcomes that this call settles."""
        settled: Outcomes = {}
        for event in parcel.events & self.open.keys():
            self.open[event] -= 1
            if not outcome.accepted or not self.open[event]:
                settled[event] = outcome
                del self.open[event]
        return settled


def over_lanes(packed: list[Parcel], *, until: float) -> Iterator[list[tuple[Parcel, Outcome]]]:
    """Calls over a few lanes, each with a connection that is used again; what has come meanwhile."""
    to_go, come = deque(packed), queue.SimpleQueue[Come]()
    over = threading.Event()

    def lane() -> None:
        try:
            with Caller() as caller:
                while (
                    not over.is_set() and time.monotonic() <= until and (parcel := next_of(to_go))
                ):
                    outcome = call(caller, parcel)
                    come.put((parcel, outcome))
                    if outcome.is_away():
                        over.set()
        finally:
            come.put(None)

    with ThreadPoolExecutor(LANES, thread_name_prefix="lane") as lanes:
        open_lanes = [lanes.submit(lane) for _ in packed[:LANES]]
        try:
            running = len(open_lanes)
            while running:
                news = [come.get(), *drained(come)]
                running -= news.count(None)
                yield [told for told in news if told]
        finally:
            over.set()


def next_of(to_go: deque[Parcel]) -> Parcel | None:
    """The next parcel, for whichever lane asks first; None when there is none left."""
    try:
        return to_go.popleft()
    except IndexError:
        return None


def drained(come: queue.SimpleQueue[Come]) -> Iterator[Come]:
    """What lies there, without waiting."""
    while not come.empty():
        yield come.get()


def call(caller: Caller, parcel: Parcel) -> Outcome:
    """What came of one call; nothing is raised."""
    now, began = timezone.now(), time.monotonic()
    try:
        answer = caller.call(parcel.letter, until=began + PATIENCE)
    except (OSError, http.client.HTTPException, Refused) as trouble:
        return failed(now, began, trouble)
    except Exception as broken:
        logger.exception("A call for event %s could not be made", min(parcel.events))
        return failed(now, began, broken)
    return Outcome(
        at=now,
        duration_ms=since(began),
        accepted=parcel.letter.is_accepted(answer.status),
        status=answer.status,
        excerpt=answer.excerpt,
        retry_after=answer.retry_after,
    )


def failed(at: datetime, began: float, trouble: Exception) -> Outcome:
    words = str(trouble) if isinstance(trouble, Refused) else f"{type(trouble).__name__}: {trouble}"
    error = one_line(words)[:LONGEST_ERROR]
    return Outcome(at=at, duration_ms=since(began) if began else 0, accepted=False, error=error)


def since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
