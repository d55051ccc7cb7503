"""Surges: an abnormal pace of comments, reactions or reports raises an alert, which ends by itself.

The newest rows of each kind are compared, within SURGE_WINDOW, with the own pace of their story or writer
in the hours before. All queries are bounded (SAMPLED_ROWS, MAX_SUBJECTS). An alert changes nothing; what
moderators do about it is in surge_restrictions.py.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from articles.models import Article
from audit.actions import record_audit
from comments.models import Comment, Reaction, Report, SurgeAlert

Kind = SurgeAlert.Kind
SURGE_WINDOW = timedelta(minutes=10)
BASELINE = timedelta(hours=6)  # before the window
QUIET_TIME = timedelta(minutes=30)  # without a surge, after which an alert ends
SAMPLED_ROWS = 5000  # of each kind, the newest
MAX_SUBJECTS = 20  # of each kind, those with the most rows
MAX_BASELINE_ROWS = 20_000
# So many rows of a window are no surge, whatever the pace was.
MIN_ROWS = {Kind.COMMENTS: 60, Kind.REACTIONS: 200, Kind.REPORTS: 10}


@dataclass(frozen=True)
class Source:
    """The rows of one kind of surge, with their time, and the columns of story and writer."""

    kind: str
    rows: QuerySet[Any]
    time: str
    article: str
    writer: str | None


@dataclass(frozen=True)
class Surge:
    """A surge found now: `subject` is the column of SurgeAlert, `number` the id in it."""

    kind: str
    subject: str
    number: int
    rows: int
    expected: int


def sources() -> tuple[Source, ...]:
    """The rows that are watched. Comments have no writer here: one writer's are limited by rate."""
    return (
        Source(Kind.COMMENTS, Comment.objects.all(), "created_at", "article", None),
        Source(
            Kind.REACTIONS,
            Reaction.objects.all(),
            "reacted_at",
            "comment__article",
            "comment__author",
        ),
        Source(
            Kind.REPORTS,
            Report.objects.all(),
            "reported_at",
            "comment__article",
            "comment__author",
        ),
    )


def find_surges(now: datetime) -> Iterator[Surge]:
    """The surges of this moment, by story and by writer."""
    for source in sources():
        columns = [column for column in (source.article, source.writer) if column]
        newest = source.rows.order_by("-pk").values_list(source.time, *columns)[:SAMPLED_ROWS]
        recent = [row[1:] for row in newest if row[0] > now - SURGE_WINDOW]
        for place, column in enumerate(columns):
            subject = "article" if place == 0 else "writer"
            counts = Counter(row[place] for row in recent if row[place] is not None)
            for number, rows in counts.most_common(MAX_SUBJECTS):
                if rows < MIN_ROWS[Kind(source.kind)]:
                    break
                expected = expected_rows(source, column, number, now=now)
                if rows >= settings.SURGE_FACTOR * expected:
                    yield Surge(source.kind, subject, number, rows, expected)


def expected_rows(source: Source, column: str, number: int, *, now: datetime) -> int:
    """Rows that a window of this subject has at its own pace, rounded up, of the hours before."""
    end, start = now - SURGE_WINDOW, now - SURGE_WINDOW - BASELINE
    times = {f"{source.time}__gt": start, f"{source.time}__lte": end}
    before = source.rows.filter(**{column: number}, **times).order_by()
    total = before.values("pk")[:MAX_BASELINE_ROWS].count()
    return -(-total * int(SURGE_WINDOW.total_seconds()) // int(BASELINE.total_seconds()))


def watch_surges(now: datetime) -> tuple[int, int]:
    """Raise alerts for surges, each once, and end those that are over; how many of each. May run twice."""
    raised = sum(raise_surge(surge, now=now) for surge in find_surges(now))
    over = SurgeAlert.objects.running().filter(last_seen_at__lte=now - QUIET_TIME)
    return raised, sum(
        end_surge(alert, now=now) for alert in over.select_related("article", "writer")
    )


@transaction.atomic
def raise_surge(surge: Surge, *, now: datetime) -> bool:
    """Raise an alert, or prolong the one that runs; whether it is a new one."""
    alert, is_new = SurgeAlert.objects.get_or_create(
        **{f"{surge.subject}_id": surge.number},
        kind=surge.kind,
        ended_at=None,
        defaults={
            "peak": surge.rows,
            "expected": surge.expected,
            "started_at": now,
            "last_seen_at": now,
        },
    )
    if is_new:
        record_audit(
            subject_of(alert),
            verb="surge_began",
            by=None,
            kind=surge.kind,
            count=surge.rows,
            expected=surge.expected,
        )
        return True
    running = SurgeAlert.objects.filter(pk=alert.pk)
    running.update(last_seen_at=now)
    running.filter(peak__lt=surge.rows).update(peak=surge.rows)
    return False


@transaction.atomic
def end_surge(alert: SurgeAlert, *, now: datetime) -> bool:
    """End an alert; whether it was not ended meanwhile."""
    if not SurgeAlert.objects.running().filter(pk=alert.pk).update(ended_at=now):
        return False
    record_audit(subject_of(alert), verb="surge_ended", by=None, kind=alert.kind, count=alert.peak)
    return True


def subject_of(alert: SurgeAlert) -> Article | User:
    """The story or the writer of an alert."""
    subject = alert.article or alert.writer
    assert subject is not None  # a_surge_has_one_subject
    return subject


def delete_old_surges(now: datetime) -> int:
    """Delete alerts that ended 90 days ago, but for those whose restrictions last; the audit log stays."""
    old = SurgeAlert.objects.filter(ended_at__lt=now - timedelta(days=90))
    return old.exclude(pk__in=SurgeAlert.objects.restricting().values("pk")).delete()[0]
