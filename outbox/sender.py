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
from newsroom.text.normalization import normalize_line
from outbox.attempt_result import AttemptResult
from outbox.http_client import HTTPClient
from outbox.models import Event, Subscriber
from outbox.payloads.cdn_purge import OutboundCall, build_calls

logger = logging.getLogger(__name__)

CALL_TIMEOUT_SECONDS = (
    10.0  # seconds for one call: name look-up, connection, TLS, sending, the answer
)
CONNECTIONS_PER_SUBSCRIBER = 4  # calls at once to one subscriber
MAX_ERROR_CHARS = 300

ResultsByEvent = dict[int, AttemptResult]  # by the number of the event
QueueItem = tuple[OutboundCall, AttemptResult] | None  # None: a lane has ended


def send_events(
    events: list[Event], *, subscriber: Subscriber, deadline: float
) -> Iterator[ResultsByEvent]:
    """The outcomes of one attempt, as they come in. Whatever goes wrong is an outcome too.

    Events whose calls were not all begun by `until` (time.monotonic()) are left out; and after the
    first sign that nobody is there, all that are left.
    """
    now = timezone.now()
    try:
        packed = build_calls(events, subscriber=subscriber, now=now)
    except Exception as broken:
        logger.exception("Events from %s on could not be told to %s", events[0].pk, subscriber.pk)
        yield dict.fromkeys((event.pk for event in events), failure_result(now, 0.0, broken))
        return
    ledger = PendingEvents(packed)
    if nothing := [event.pk for event in events if event.pk not in ledger.open]:
        yield dict.fromkeys(nothing, AttemptResult(at=now, duration_ms=0, accepted=True))
    for sent in send_in_parallel(packed, deadline=deadline):
        outcomes: ResultsByEvent = {}
        for parcel, outcome in sent:
            outcomes |= ledger.note(parcel, outcome)
        if outcomes:
            yield outcomes


class PendingEvents:
    """Which events still have calls under way. One is told when all were accepted, and has failed
    with the first that was not."""

    def __init__(self, packed: list[OutboundCall]) -> None:
        self.open = Counter(event for parcel in packed for event in parcel.events)

    def note(self, parcel: OutboundCall, outcome: AttemptResult) -> ResultsByEvent:
        """The outcomes that this call settles."""
        settled: ResultsByEvent = {}
        for event in parcel.events & self.open.keys():
            self.open[event] -= 1
            if not outcome.accepted or not self.open[event]:
                settled[event] = outcome
                del self.open[event]
        return settled


def send_in_parallel(
    packed: list[OutboundCall], *, deadline: float
) -> Iterator[list[tuple[OutboundCall, AttemptResult]]]:
    """Calls over a few lanes, each with a connection that is used again; what has come meanwhile."""
    to_go, come = deque(packed), queue.SimpleQueue[QueueItem]()
    over = threading.Event()

    def lane() -> None:
        try:
            with HTTPClient() as caller:
                while (
                    not over.is_set()
                    and time.monotonic() <= deadline
                    and (parcel := pop_next(to_go))
                ):
                    outcome = attempt_call(caller, parcel)
                    come.put((parcel, outcome))
                    if outcome.is_receiver_unavailable():
                        over.set()
        finally:
            come.put(None)

    with ThreadPoolExecutor(CONNECTIONS_PER_SUBSCRIBER, thread_name_prefix="lane") as lanes:
        open_lanes = [lanes.submit(lane) for _ in packed[:CONNECTIONS_PER_SUBSCRIBER]]
        try:
            running = len(open_lanes)
            while running:
                news = [come.get(), *drain_queue(come)]
                running -= news.count(None)
                yield [told for told in news if told]
        finally:
            over.set()


def pop_next(to_go: deque[OutboundCall]) -> OutboundCall | None:
    """The next parcel, for whichever lane asks first; None when there is none left."""
    try:
        return to_go.popleft()
    except IndexError:
        return None


def drain_queue(come: queue.SimpleQueue[QueueItem]) -> Iterator[QueueItem]:
    """What lies there, without waiting."""
    while not come.empty():
        yield come.get()


def attempt_call(caller: HTTPClient, parcel: OutboundCall) -> AttemptResult:
    """What came of one call; nothing is raised."""
    now, began = timezone.now(), time.monotonic()
    try:
        answer = caller.call(parcel.request, deadline=began + CALL_TIMEOUT_SECONDS)
    except (OSError, http.client.HTTPException, Refused) as trouble:
        return failure_result(now, began, trouble)
    except Exception as broken:
        logger.exception("A call for event %s could not be made", min(parcel.events))
        return failure_result(now, began, broken)
    return AttemptResult(
        at=now,
        duration_ms=elapsed_ms(began),
        accepted=parcel.request.is_accepted(answer.status),
        status=answer.status,
        excerpt=answer.excerpt,
        retry_after=answer.retry_after,
    )


def failure_result(at: datetime, began: float, error: Exception) -> AttemptResult:
    words = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
    line = normalize_line(words)[:MAX_ERROR_CHARS]
    return AttemptResult(
        at=at, duration_ms=elapsed_ms(began) if began else 0, accepted=False, error=line
    )


def elapsed_ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
