"""Sends a batch of events to one subscriber over a few HTTP connections; the results, event by event.

No database, no transaction: this part of a delivery takes as long as the receiver does.
"""

import http.client
import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from newsroom.errors import Refused
from newsroom.text.normalization import normalize_line
from outbox.attempt_result import AttemptResult
from outbox.http_client import HTTPClient
from outbox.models import Event, Subscriber
from outbox.payloads import OutboundCall, build_calls

logger = logging.getLogger(__name__)

CALL_TIMEOUT_SECONDS = 10.0  # for name look-up, connection, TLS, sending and the response together
CONNECTIONS_PER_SUBSCRIBER = 4
MAX_ERROR_CHARS = 300

ResultsByEvent = dict[int, AttemptResult]  # by the event's pk
QueueItem = tuple[OutboundCall, AttemptResult] | None  # None: a connection has ended


def send_events(
    events: list[Event], *, subscriber: Subscriber, deadline: float, pool: ThreadPoolExecutor
) -> Iterator[ResultsByEvent]:
    """The results of one attempt, as they arrive. Every failure is a result as well.

    Left out are events whose calls were not all begun by `deadline` (time.monotonic()), and everything
    that is left after the first sign that the receiver is unavailable.
    """
    now = timezone.now()
    try:
        calls = build_calls(events, subscriber=subscriber, now=now)
    except Exception as error:
        logger.exception(
            "The payloads for subscriber %s, events from %s on, could not be built",
            subscriber.pk,
            events[0].pk,
        )
        yield dict.fromkeys((event.pk for event in events), failure_result(now, 0.0, error))
        return
    pending = PendingEvents(calls)
    if without_calls := [event.pk for event in events if event.pk not in pending.open_calls]:
        yield dict.fromkeys(without_calls, AttemptResult(at=now, duration_ms=0, accepted=True))
    for attempted in send_in_parallel(calls, deadline=deadline, pool=pool):
        results: ResultsByEvent = {}
        for call, result in attempted:
            results |= pending.settle(call, result)
        if results:
            yield results


class PendingEvents:
    """The number of open calls of each event. An event is delivered when all its calls were accepted,
    and has failed with the first that was not."""

    def __init__(self, calls: list[OutboundCall]) -> None:
        self.open_calls = Counter(event for call in calls for event in call.events)

    def settle(self, call: OutboundCall, result: AttemptResult) -> ResultsByEvent:
        """The results of the events that this call settles."""
        settled: ResultsByEvent = {}
        for event in call.events & self.open_calls.keys():
            self.open_calls[event] -= 1
            if not result.accepted or not self.open_calls[event]:
                settled[event] = result
                del self.open_calls[event]
        return settled


def send_in_parallel(
    calls: list[OutboundCall], *, deadline: float, pool: ThreadPoolExecutor
) -> Iterator[list[tuple[OutboundCall, AttemptResult]]]:
    """Make the calls over up to `CONNECTIONS_PER_SUBSCRIBER` persistent connections, each in a thread of
    the pool; lists of what has been attempted since the last list."""
    remaining, attempted = deque(calls), queue.SimpleQueue[QueueItem]()
    stop = threading.Event()

    def run_connection() -> None:
        try:
            with HTTPClient() as client:
                while not stop.is_set() and time.monotonic() <= deadline:
                    try:
                        call = remaining.popleft()
                    except IndexError:
                        return
                    result = attempt_call(client, call)
                    attempted.put((call, result))
                    if result.is_receiver_unavailable():
                        stop.set()
        finally:
            attempted.put(None)

    futures: list[Future[None]] = []
    try:
        with suppress(RuntimeError):  # the process is ending: the pool takes nothing more
            connections = calls[:CONNECTIONS_PER_SUBSCRIBER]
            futures.extend(pool.submit(run_connection) for _ in connections)
        running = len(futures)
        while running:
            items = [attempted.get()]
            while not attempted.empty():
                items.append(attempted.get())
            running -= items.count(None)
            yield [item for item in items if item]
    finally:
        stop.set()
        wait(futures)


def attempt_call(client: HTTPClient, call: OutboundCall) -> AttemptResult:
    """The result of one call. Raises nothing."""
    now, began = timezone.now(), time.monotonic()
    try:
        response = client.call(call.request, deadline=began + CALL_TIMEOUT_SECONDS)
    except (OSError, http.client.HTTPException, Refused) as error:
        return failure_result(now, began, error)
    except Exception as error:
        logger.exception("The call for event %s could not be made", min(call.events))
        return failure_result(now, began, error)
    return AttemptResult(
        at=now,
        duration_ms=elapsed_ms(began),
        accepted=call.request.is_accepted(response.status),
        status=response.status,
        excerpt=response.excerpt,
        retry_after=response.retry_after,
    )


def failure_result(at: datetime, began: float, error: Exception) -> AttemptResult:
    """The result of a call that got no response; `began` 0 where none was made."""
    text = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
    return AttemptResult(
        at=at,
        duration_ms=elapsed_ms(began) if began else 0,
        accepted=False,
        error=normalize_line(text)[:MAX_ERROR_CHARS],
    )


def elapsed_ms(began: float) -> int:
    """Milliseconds since a moment of time.monotonic()."""
    return round((time.monotonic() - began) * 1000)
