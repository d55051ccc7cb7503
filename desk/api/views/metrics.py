"""What Prometheus asks: every process's figures, and how the house stands at this moment."""

from collections.abc import Iterator
from datetime import datetime

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from articles.search.indexer import index_backlog
from desk.metrics import notice_metrics, publication_metrics
from desk.nightly_backup import backup_state
from newsroom.db.expressions import database_now
from newsroom.observability.metrics_export import (
    METRICS_CONTENT_TYPE,
    may_read_metrics,
    render_metrics,
)
from newsroom.observability.storage_probe import free_space, storage_probe
from outbox.metrics import measure_outbox
from wire.metrics import intake_state

MAX_COUNTED_BACKLOG = 10_000  # a million rows are not counted every few seconds


@csrf_exempt
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything in the text format 0.0.4.

    To a stranger, and for anything but a question, this address does not exist.
    """
    if request.method not in {"GET", "HEAD"} or not may_read_metrics(request.META):
        raise Http404
    answer = HttpResponse(render_metrics(*database_metrics()), content_type=METRICS_CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def database_metrics() -> list[Metric]:
    """The gauges that the database knows, in eleven queries; where it does not answer, just that."""
    up = "newsroom_database_up", "Whether the database answers: 1 or 0."
    try:
        return [*storage_metrics(), *newsroom_metrics(), gauge(*up, 1)]
    except DatabaseError:
        return [*storage_metrics(), gauge(*up, 0)]


def storage_metrics() -> Iterator[Metric]:
    """The data folders, of the one with the least room."""
    writable = storage_probe.write_error() is None
    left = free_space()
    yield gauge("newsroom_storage_writable", "Whether data can be written: 1 or 0.", writable)
    yield gauge("newsroom_storage_free_bytes", "Bytes left for data.", left.free_bytes)
    yield gauge("newsroom_storage_size_bytes", "Bytes there are for data.", left.size_bytes)
    yield gauge(
        "newsroom_storage_free_inodes", "Inodes left; 0 where none are counted.", left.free_inodes
    )


def newsroom_metrics() -> Iterator[Metric]:
    now = database_now()
    desk = publication_metrics(now)
    yield gauge("newsroom_releases_waiting", "Releases without an outcome.", desk.waiting)
    yield gauge("newsroom_releases_overdue", "Waiting releases that are due.", desk.overdue)
    yield gauge(
        "newsroom_releases_overdue_seconds",
        "How late the oldest waiting release is.",
        desk.overdue_seconds,
    )
    yield gauge("newsroom_releases_failed", "Releases that are tried again.", desk.failed)
    if desk.scheduler_age_seconds is not None:
        yield gauge(
            "newsroom_clock_age_seconds",
            "Seconds since the clock's last round; absent before the first.",
            desk.scheduler_age_seconds,
        )
    yield from notification_metrics(now)
    told = measure_outbox(now)
    yield gauge("newsroom_outbox_depth", "Events and deliveries that wait.", told.depth)
    yield gauge(
        "newsroom_outbox_lag_seconds",
        "How long the oldest waits that only we hold up.",
        told.lag_seconds,
    )
    yield gauge("newsroom_outbox_given_up", "Deliveries that were given up.", told.given_up)
    yield gauge("newsroom_subscribers_failing", "Subscribers that do not answer.", told.failing)
    yield gauge("newsroom_subscribers_off", "Subscribers that are switched off.", told.off)
    yield gauge(
        "newsroom_search_behind",
        "Stories that search has not taken in or let go of yet, counted up to 10,000.",
        index_backlog(limit=MAX_COUNTED_BACKLOG),
    )
    yield from wire_metrics(now)
    yield from backup_metrics(now)


def backup_metrics(now: datetime) -> Iterator[Metric]:
    """Nothing where no nightly backups are made."""
    state = backup_state(now)
    if state is None:
        return
    yield gauge(
        "newsroom_backup_failed", "Whether the last nightly backup failed: 1 or 0.", state.failed
    )
    if state.age_seconds is not None:
        yield gauge(
            "newsroom_backup_age_seconds",
            "Seconds since the last good nightly backup; absent before the first.",
            state.age_seconds,
        )


def notification_metrics(now: datetime) -> Iterator[Metric]:
    told = notice_metrics(now)
    yield gauge(
        "newsroom_notices_unmailed", "Notices the mail server did not take.", told.with_email_error
    )
    yield gauge(
        "newsroom_notices_unmailed_seconds",
        "How long the oldest of those waits.",
        told.oldest_seconds,
    )
    yield gauge(
        "newsroom_notices_to_nobody",
        "Things of which no one hears who could act on them.",
        told.without_recipient,
    )


def wire_metrics(now: datetime) -> Iterator[Metric]:
    taken = intake_state(now)
    yield gauge("newsroom_wire_unparsed", "Wire deliveries stored and not parsed.", taken.unparsed)
    yield gauge(
        "newsroom_wire_unparsed_seconds",
        "How long the oldest of those waits.",
        taken.oldest_unparsed_seconds,
    )
    silence = GaugeMetricFamily(
        "newsroom_wire_idle_seconds",
        "Seconds since the last delivery of each source; absent before the first.",
        labels=["source"],
    )
    alarm = GaugeMetricFamily(
        "newsroom_wire_idle",
        "Whether a source is silent for longer than its alarm allows: 1 or 0.",
        labels=["source"],
    )
    for feed in taken.feeds:
        alarm.add_metric([feed.source], feed.idle)
        if feed.idle_seconds is not None:
            silence.add_metric([feed.source], feed.idle_seconds)
    yield silence
    yield alarm


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
