"""Feed updates: when each news feed changed last (Last-Modified), removals and reorderings included.

An action that changes what a feed shows appends a row (`append_feed_changes`) in its transaction, so that
publications do not wait for each other.  Transactions commit in another order than they began in: by their
own times a client could see a later change with an earlier time.  So one sweep at a time settles
committed rows with ascending times (`settle_feed_changes`).  Until then a feed counts as changed at the
latest time of any of its rows, and the settled time will be later.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import DateTimeField, Q, Value
from django.utils import timezone

from articles.models import Article, FeedChange, Section, SitemapMonth
from articles.syndication.sitemap_months import month_start
from newsroom.db.advisory_locks import try_advisory_lock

# Advisory lock of the sweep that settles feed changes, and of that of the change feed.
CHANGE_SWEEP_LOCK = "articles.syndication.change_feed"
NEVER_CHANGED_AT = datetime(1970, 1, 1, tzinfo=UTC)  # fixed time of a feed without changes
SETTLE_STEP = timedelta(microseconds=1)


class FeedState(NamedTuple):
    """When a feed changed last. Not settled: a recent change may still get a later time."""

    changed_at: datetime
    is_settled: bool


def append_feed_changes(changes: Iterable[tuple[int | None, datetime]]) -> None:
    """Record in this transaction that articles appear, disappear or change in the feeds.

    For each article its section id and its first publication, which is its position in the feeds.
    """
    newest: dict[Any, datetime] = {}
    for section_id, first_published_at in changes:
        month = month_start(first_published_at)
        for feed in {None, section_id}:
            at = newest.get((feed, month), first_published_at)
            newest[feed, month] = max(at, first_published_at)
    now = timezone.now()
    FeedChange.objects.bulk_create(
        FeedChange(section_id=feed, first_published_at=first_published_at, at=now)
        for (feed, _month), first_published_at in newest.items()
    )


def append_change_of_all_feeds() -> None:
    """Record in this transaction that every feed changes, as by a new name of the site."""
    now = timezone.now()
    append_feed_changes((pk, now) for pk in [None, *Section.objects.values_list("pk", flat=True)])


def feed_state(section_id: int | None, *, shown_since: datetime | None) -> FeedState:
    """When the feed of a section, or of the site (None), changed last. One query.

    `shown_since` is the first publication of the oldest article shown, if there are older ones: changes of
    those do not count.  Expired articles count although their row is written after the expiry.
    """
    rows = list(change_rows_of_feed(section_id))
    shown = [row for row in rows if shown_since is None or row[0] >= shown_since]
    is_settled = all(settled_at for _first, _at, settled_at in shown)
    moments = [settled_at or at for _first, at, settled_at in (shown if is_settled else rows)]
    return FeedState(max(moments, default=NEVER_CHANGED_AT), is_settled)


def change_rows_of_feed(section_id: int | None) -> Any:
    """(first publication, at, settled at) of the changes of a feed, and of articles that have expired."""
    changes = FeedChange.objects.filter(section=section_id)
    expired = Article.objects.filter(live__isnull=False, expires_at__lte=timezone.now())
    if section_id is not None:
        expired = expired.filter(section=section_id)
    not_settled = Value(None, output_field=DateTimeField(null=True))
    return (
        changes.order_by()
        .values_list("first_published_at", "at", "settled_at")
        .union(
            expired.order_by().values_list("first_published_at", "expires_at", not_settled),
            all=True,
        )
    )


@transaction.atomic
def settle_feed_changes() -> int:
    """Give committed changes their final time, later than all times seen before; returns how many.

    Rows that a later one makes superfluous are deleted, and the sitemap months are marked as changed.
    """
    if not FeedChange.objects.filter(settled_at=None).exists():
        return 0
    if not try_advisory_lock(CHANGE_SWEEP_LOCK):
        return 0
    rows = list(FeedChange.objects.order_by("pk"))
    fresh = [row for row in rows if row.settled_at is None]
    earlier = [row.settled_at + SETTLE_STEP for row in rows if row.settled_at]
    now = max([timezone.now(), *earlier, *(row.at + SETTLE_STEP for row in fresh)])
    for row in fresh:
        row.settled_at = now
    FeedChange.objects.filter(pk__in=[row.pk for row in fresh]).update(settled_at=now)
    FeedChange.objects.filter(pk__in=[row.pk for row in superseded_rows(rows)]).delete()
    months = {month_start(row.first_published_at) for row in fresh if row.section_id is None}
    older = SitemapMonth.objects.filter(
        Q(changed_at=None) | Q(changed_at__lt=now), first_day__in=months
    )
    older.update(changed_at=now)
    return len(fresh)


def superseded_rows(rows: Iterable[FeedChange]) -> list[FeedChange]:
    """Rows of a feed with a later settled row at the same or a newer position.

    Every feed that shows the position of the one shows that of the other.
    """
    superseded: list[FeedChange] = []
    newest_position: dict[int | None, datetime] = {}
    latest_first = sorted(
        rows, key=lambda row: (row.settled_at or NEVER_CHANGED_AT, row.pk), reverse=True
    )
    for row in latest_first:
        position = newest_position.get(row.section_id)
        if position is not None and position >= row.first_published_at:
            superseded.append(row)
        else:
            newest_position[row.section_id] = row.first_published_at
    return superseded
