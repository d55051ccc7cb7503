"""Prometheus metrics endpoint: the counters of all processes, and gauges read from the database."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from articles.search.indexer import index_backlog
from comments.metrics import measure_classifier, measure_reader_emails
from comments.reconciliation import stored_drift as stored_count_drift
from desk.metrics import notice_metrics, publication_metrics
from desk.workers.nightly_backup import backup_state
from newsroom.db.expressions import database_now
from newsroom.observability.metrics_export import (
    METRICS_CONTENT_TYPE,
    may_read_metrics,
    render_metrics,
)
from newsroom.observability.storage_probe import free_space, storage_probe
from outbox.metrics import measure_outbox
from polls.reconciliation import held_votes, stored_drift
from wire.metrics import channel_states, intake_state, pictures_waiting

MAX_COUNTED_BACKLOG = 10_000  # rows; Prometheus asks every few seconds


@csrf_exempt
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics in the Prometheus text format 0.0.4.

    404 for clients that may not read metrics, and for methods other than GET and HEAD.
    """
    if request.method not in {"GET", "HEAD"} or not may_read_metrics(request.META):
        raise Http404
    response = HttpResponse(render_metrics(*database_metrics()), content_type=METRICS_CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def database_metrics() -> list[Metric]:
    """Gauges read from the database, in thirteen queries; where it is down, `newsroom_database_up 0`."""
    up = "newsroom_database_up", "Whether the database answers: 1 or 0."
    try:
        return [*storage_metrics(), *newsroom_metrics(), gauge(*up, 1)]
    except DatabaseError:
        return [*storage_metrics(), gauge(*up, 0)]


def storage_metrics() -> Iterator[Metric]:
    """Gauges of free storage: of the data folder with the least free space."""
    writable = storage_probe.write_error() is None
    space = free_space()
    yield gauge("newsroom_storage_writable", "Whether data can be written: 1 or 0.", writable)
    yield gauge(
        "newsroom_storage_free_bytes",
        "Free bytes of the data folder with the least space.",
        space.free_bytes,
    )
    yield gauge(
        "newsroom_storage_size_bytes", "Size in bytes of that file system.", space.size_bytes
    )
    yield gauge(
        "newsroom_storage_free_inodes",
        "Free inodes of that file system; 0 where it has none.",
        space.free_inodes,
    )


def newsroom_metrics() -> Iterator[Metric]:
    """Gauges of publishing, notices, outbox, search, wire and backups."""
    now = database_now()
    desk = publication_metrics(now)
    yield gauge("newsroom_releases_waiting", "Releases that are pending or failed.", desk.waiting)
    yield gauge(
        "newsroom_releases_overdue", "Releases that are due and not published.", desk.overdue
    )
    yield gauge(
        "newsroom_releases_overdue_seconds",
        "Seconds since the oldest of them was due.",
        desk.overdue_seconds,
    )
    yield gauge("newsroom_releases_failed", "Failed releases, which are retried.", desk.failed)
    if desk.scheduler_age_seconds is not None:
        yield gauge(
            "newsroom_clock_age_seconds",
            "Seconds since the scheduler last looked for due releases; absent before the first time.",
            desk.scheduler_age_seconds,
        )
    yield from notification_metrics(now)
    yield from outbox_metrics(now)
    yield gauge(
        "newsroom_search_behind",
        "Articles to be indexed or removed from the search index, counted up to 10,000.",
        index_backlog(limit=MAX_COUNTED_BACKLOG),
    )
    yield from wire_metrics(now)
    yield from poll_metrics()
    yield from classifier_metrics(now)
    yield from reader_email_metrics(now)
    yield gauge(
        "newsroom_comment_count_drift",
        "By how much counts of comments and reactions were wrong in the last sample; `reconcile` repairs.",
        stored_count_drift(),
    )
    yield from backup_metrics(now)


def outbox_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of the outbox."""
    outbox = measure_outbox(now)
    yield gauge("newsroom_outbox_depth", "Pending events and deliveries.", outbox.depth)
    yield gauge(
        "newsroom_outbox_lag_seconds",
        "Age in seconds of the oldest delivery that waits for a worker, not for a subscriber.",
        outbox.lag_seconds,
    )
    yield gauge("newsroom_outbox_given_up", "Deliveries that failed for good.", outbox.given_up)
    yield gauge(
        "newsroom_subscribers_failing", "Subscribers whose last delivery failed.", outbox.failing
    )
    yield gauge("newsroom_subscribers_off", "Subscribers that are switched off.", outbox.off)


def poll_metrics() -> Iterator[Metric]:
    """Gauges of polls."""
    yield gauge(
        "newsroom_poll_tally_drift",
        "Votes by which kept tallies of polls were wrong at the last check; `reconcile` repairs them.",
        stored_drift(),
    )
    yield gauge(
        "newsroom_poll_votes_held",
        "Held votes of polls, counted up to 10,000.",
        held_votes(limit=MAX_COUNTED_BACKLOG),
    )


def classifier_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of the outside classifier of comments; none without one."""
    if not settings.COMMENT_CLASSIFIER_URL:
        return
    backlog = measure_classifier(now)
    yield gauge(
        "newsroom_comments_unclassified",
        "Held comments that wait for the verdict of the outside classifier.",
        backlog.waiting,
    )
    yield gauge(
        "newsroom_comments_unclassified_seconds",
        "Seconds for which the oldest of them has waited.",
        backlog.oldest_seconds,
    )


def reader_email_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of e-mails to readers: notifications, and blocks on request."""
    backlog = measure_reader_emails(now)
    yield gauge(
        "newsroom_reader_emails_unmailed",
        "Notifications of readers, and notices about blocks, whose e-mail is due or was refused.",
        backlog.unmailed,
    )
    yield gauge(
        "newsroom_reader_emails_unmailed_seconds",
        "Seconds for which the oldest of them has waited.",
        backlog.oldest_seconds,
    )


def backup_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of the nightly backup; none where it is switched off."""
    state = backup_state(now)
    if state is None:
        return
    yield gauge(
        "newsroom_backup_failed", "Whether the last nightly backup failed: 1 or 0.", state.failed
    )
    if state.age_seconds is not None:
        yield gauge(
            "newsroom_backup_age_seconds",
            "Seconds since the last successful nightly backup; absent before the first.",
            state.age_seconds,
        )


def notification_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of notices to staff."""
    notices = notice_metrics(now)
    yield gauge(
        "newsroom_notices_unmailed",
        "Notices whose e-mail could not be sent.",
        notices.with_email_error,
    )
    yield gauge(
        "newsroom_notices_unmailed_seconds",
        "Age in seconds of the oldest of them.",
        notices.oldest_seconds,
    )
    yield gauge(
        "newsroom_notices_to_nobody",
        "Events that need action and have no recipient.",
        notices.without_recipient,
    )


def wire_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of the wire intake."""
    intake = intake_state(now)
    yield gauge(
        "newsroom_wire_unparsed", "Wire deliveries that are stored and not parsed.", intake.unparsed
    )
    yield gauge(
        "newsroom_wire_unparsed_seconds",
        "Age in seconds of the oldest of them.",
        intake.oldest_unparsed_seconds,
    )
    idle_seconds = GaugeMetricFamily(
        "newsroom_wire_idle_seconds",
        "Seconds since the last delivery of each source; absent before the first.",
        labels=["source"],
    )
    idle = GaugeMetricFamily(
        "newsroom_wire_idle",
        "Whether a source is silent for longer than its alarm allows: 1 or 0.",
        labels=["source"],
    )
    for feed in intake.feeds:
        idle.add_metric([feed.source], feed.idle)
        if feed.idle_seconds is not None:
            idle_seconds.add_metric([feed.source], feed.idle_seconds)
    yield idle_seconds
    yield idle
    yield from channel_metrics(now)


def channel_metrics(now: datetime) -> Iterator[Metric]:
    """Gauges of the ways in that are fetched: folders, feeds, mailboxes."""
    failures, stalled, silent = (
        GaugeMetricFamily(f"newsroom_wire_channel_{name}", help_text, labels=["source", "channel"])
        for name, help_text in (
            ("failures", "Failures in a row of each way in that is fetched."),
            ("stalled", "Whether a way in has not been fetched for too long: 1 or 0."),
            ("silent_seconds", "Seconds since it was last fetched; absent before the first time."),
        )
    )
    for state in channel_states(now):
        labels = [state.source, state.channel]
        failures.add_metric(labels, state.failures)
        stalled.add_metric(labels, state.stalled)
        if state.silent_seconds is not None:
            silent.add_metric(labels, state.silent_seconds)
    yield from (failures, stalled, silent)
    yield gauge(
        "newsroom_wire_pictures_waiting",
        "Pictures of deliveries that wait to be fetched.",
        pictures_waiting(),
    )


def gauge(name: str, help_text: str, value: float) -> Metric:
    """A gauge without labels."""
    return GaugeMetricFamily(name, help_text, value=value)
