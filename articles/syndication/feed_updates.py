"""When each feed changed last: what the site's or a section's shows, removals and reorderings included.

Whoever changes what a feed shows appends a row (`append_feed_changes`) in the transaction of the change:
no publisher waits for another.  Transactions commit in another order than they began in, so their own
times would not do: a reader could see a later change with an earlier time.  After the commit one sweep at
a time therefore settles the rows (`settle_feed_changes`) with times that only grow.  Until then, a feed
counts as changed at the latest time of any of its rows, which the settled time will exceed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import DateTimeField, Q, Value
from django.utils import timezone

from articles.models import Article, FeedChange, Month, Section
from articles.syndication.sitemap_months import month_start
from newsroom.db.advisory_locks import try_advisory_lock

# Held by whichever sweep writes what is told of changes: this one, and that of the change feed.
CHANGE_SWEEP_LOCK = "articles.syndication.change_feed"
NEVER_CHANGED_AT = datetime(
    1970, 1, 1, tzinfo=UTC
)  # when a feed without any story was changed: it must not move
SETTLE_STEP = timedelta(microseconds=1)


class FeedState(NamedTuple):
    """When a feed changed last; not settled while a change is so new that its time may still grow."""

    changed_at: datetime
    is_settled: bool


def append_feed_changes(changes: Iterable[tuple[int | None, datetime]]) -> None:
    """Note in this transaction that stories come, go or change: for each the section (its number) and
    when it was first published, which is its place in the feeds."""
    newest: dict[Any, datetime] = {}
    for section, first_published_at in changes:
        month = month_start(first_published_at)
        for feed in {None, section}:
            at = newest.get((feed, month), first_published_at)
            newest[feed, month] = max(at, first_published_at)
    now = timezone.now()
    FeedChange.objects.bulk_create(
        FeedChange(section_id=feed, first_published_at=first, at=now)
        for (feed, _month), first in newest.items()
    )


def append_change_of_all_feeds() -> None:
    """Note in this transaction that every feed changes, as when the site is given another name."""
    now = timezone.now()
    append_feed_changes((pk, now) for pk in [None, *Section.objects.values_list("pk", flat=True)])


def feed_state(section_id: int | None, *, shown_since: datetime | None) -> FeedState:
    """When the feed of a section (its number), or of the site, changed last. One query.

    `shown_since` is the first publication of the oldest story shown where there are older ones: what
    happens to those changes nothing here.  Stories whose time is over are gone before their row is written.
    """
    rows = list(change_rows_of_feed(section_id))
    shown = [row for row in rows if shown_since is None or row[0] >= shown_since]
    is_settled = all(settled_at for _first, _at, settled_at in shown)
    moments = [settled_at or at for _first, at, settled_at in (shown if is_settled else rows)]
    return FeedState(max(moments, default=NEVER_CHANGED_AT), is_settled)


def change_rows_of_feed(section_id: int | None) -> Any:
    """(place, at, settled at) of what changed in a feed, and of what has just come to its end."""
    changes = FeedChange.objects.filter(section=section_id)
    over = Article.objects.filter(live__isnull=False, expires_at__lte=timezone.now())
    if section_id is not None:
        over = over.filter(section=section_id)
    nothing = Value(None, output_field=DateTimeField(null=True))
    return (
        changes.order_by()
        .values_list("first_published_at", "at", "settled_at")
        .union(over.order_by().values_list("first_published_at", "expires_at", nothing), all=True)
    )


@transaction.atomic
def settle_feed_changes() -> int:
    """Give the changes committed since the last sweep their final time, later than all that readers may
    have seen; how many. Rows that say no more than others do are dropped."""
    if not FeedChange.objects.filter(settled_at=None).exists():
        return 0
    if not try_advisory_lock(CHANGE_SWEEP_LOCK):
        return 0
    rows = list(FeedChange.objects.order_by("pk"))
    fresh = [row for row in rows if row.settled_at is None]
    seen = [row.settled_at + SETTLE_STEP for row in rows if row.settled_at]
    now = max([timezone.now(), *seen, *(row.at + SETTLE_STEP for row in fresh)])
    for row in fresh:
        row.settled_at = now
    FeedChange.objects.filter(pk__in=[row.pk for row in fresh]).update(settled_at=now)
    FeedChange.objects.filter(pk__in=[row.pk for row in superseded_rows(rows)]).delete()
    touched = {month_start(row.first_published_at) for row in fresh if row.section_id is None}
    older = Month.objects.filter(Q(changed_at=None) | Q(changed_at__lt=now), first_day__in=touched)
    older.update(changed_at=now)
    return len(fresh)


def superseded_rows(rows: Iterable[FeedChange]) -> list[FeedChange]:
    """The settled rows beside which a later one stands of the same feed and no lower place: whoever is
    shown the one is shown the other."""
    found: list[FeedChange] = []
    highest: dict[int | None, datetime] = {}
    for row in sorted(
        rows, key=lambda row: (row.settled_at or NEVER_CHANGED_AT, row.pk), reverse=True
    ):
        place = highest.get(row.section_id)
        if place is not None and place >= row.first_published_at:
            found.append(row)
        else:
            highest[row.section_id] = row.first_published_at
    return found
