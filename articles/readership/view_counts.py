"""Page view counts: records views, adds buffered ones to the counts, each exactly once.

The counts are those by hour (`HourlyViews`), by day and class of referrer (`ReferrerViews`), and the total.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from articles.models import CountedBatch, HourlyViews, RecentView, ReferrerViews
from articles.models.page_views import ARCHIVE_DAY, ARCHIVE_HOUR
from articles.readership.referrers import classify_referrer
from articles.readership.stores import (
    REPEAT_VIEW_INTERVAL,
    BufferedViews,
    buffer_view,
    claim_redis_batches,
    open_database_batch,
    open_redis_batch,
)
from articles.readership.visitors import visitor_key
from articles.reconciliation import CountDrift, find_count_drift, repair_count

INSERT_BATCH_SIZE = 500
HOURLY_VIEWS_RETENTION = timedelta(days=8)  # longer than any of POPULAR_WINDOWS
REFERRER_VIEWS_RETENTION = timedelta(days=90)
# So that batches of a Redis restored from an older copy are not counted again.
COUNTED_BATCH_RETENTION = timedelta(days=7)
ADD_HOURLY_VIEWS_SQL = """
INSERT INTO articles_hourlyviews (article_id, hour, views) VALUES {}
ON CONFLICT (article_id, hour) DO UPDATE SET views = articles_hourlyviews.views + EXCLUDED.views
"""
ADD_REFERRER_VIEWS_SQL = """
INSERT INTO articles_referrerviews (article_id, day, referrer, views) VALUES {}
ON CONFLICT (article_id, day, referrer)
DO UPDATE SET views = articles_referrerviews.views + EXCLUDED.views
"""
ADD_TOTAL_VIEWS_SQL = """
INSERT INTO articles_articlecounts (article_id, comments, saves, views) VALUES {}
ON CONFLICT (article_id) DO UPDATE SET views = articles_articlecounts.views + EXCLUDED.views
"""


def record_view(
    article_id: int, *, meta: Any, referrer: str = "", own_hosts: Collection[str] = ()
) -> bool:
    """Buffer a page view of a request (its WSGI environment); whether it will be counted.

    `referrer` is the page before, of which the class is counted; `own_hosts` are the names of this site.
    """
    now = timezone.now()
    key = visitor_key(
        meta,
        article_id=article_id,
        day=timezone.localdate(now),
        proxies=settings.TRUSTED_PROXIES,
    )
    kind = classify_referrer(
        referrer, own_hosts=own_hosts, user_agent=str(meta.get("HTTP_USER_AGENT", ""))
    )
    return buffer_view(key, article_id=article_id, at=now, referrer=kind)


def count_pending_views() -> int:
    """Count all buffered views; returns how many. Safe to run concurrently and to repeat after a crash."""
    total = 0
    for name in claim_redis_batches():
        with open_redis_batch(name) as views:
            total += add_views(views)
    while counted := count_database_batch():
        total += counted
    return total


def count_database_batch() -> int:
    with open_database_batch() as views:
        return add_views(views)


def add_views(views: BufferedViews) -> int:
    """Add views to their hours and referrers, then to the totals; returns how many.

    In this order: a transaction that has locked a total sees all hours that are in it.
    """
    hours = Counter[tuple[int, datetime]]()
    days = Counter[tuple[int, date, str]]()
    totals = Counter[int]()
    for key, number in views.items():
        hours[key.article_id, key.hour] += number
        days[key.article_id, timezone.localdate(key.hour), key.referrer] += number
        totals[key.article_id] += number
    insert_hours(hours)
    insert_referrers(days)
    execute_in_batches(ADD_TOTAL_VIEWS_SQL, "(%s, 0, 0, %s)", sorted(totals.items()))
    return views.total()


def insert_hours(hours: Counter[tuple[int, datetime]]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    rows = [(article_id, adapt(hour), views) for (article_id, hour), views in sorted(hours.items())]
    execute_in_batches(ADD_HOURLY_VIEWS_SQL, "(%s, %s, %s)", rows)


def insert_referrers(days: Counter[tuple[int, date, str]]) -> None:
    adapt = connection.ops.adapt_datefield_value
    rows = [(article, adapt(day), kind, n) for (article, day, kind), n in sorted(days.items())]
    execute_in_batches(ADD_REFERRER_VIEWS_SQL, "(%s, %s, %s, %s)", rows)


def execute_in_batches(statement: str, row: str, rows: list[Any]) -> None:
    """Run an INSERT for these rows, which must be sorted by article, so that workers cannot deadlock."""
    for start in range(0, len(rows), INSERT_BATCH_SIZE):
        batch = rows[start : start + INSERT_BATCH_SIZE]
        values = [value for values in batch for value in values]
        with connection.cursor() as cursor:
            cursor.execute(statement.format(", ".join([row] * len(batch))), values)


def purge_old_views(*, now: datetime, batch_size: int = INSERT_BATCH_SIZE) -> int:
    """Delete expired visitor keys and batch ids, merge old hours and days; returns the number of rows."""
    expired = RecentView.objects.filter(waiting=0, at__lte=now - REPEAT_VIEW_INTERVAL)
    old_batches = CountedBatch.objects.filter(at__lte=now - COUNTED_BATCH_RETENTION)
    purged = expired.delete()[0] + old_batches.delete()[0]
    while merged := merge_old_hours(now - HOURLY_VIEWS_RETENTION, batch_size=batch_size):
        purged += merged
    before = timezone.localdate(now - REFERRER_VIEWS_RETENTION)
    while merged := merge_old_days(before, batch_size=batch_size):
        purged += merged
    return purged


@transaction.atomic
def merge_old_hours(before: datetime, *, batch_size: int) -> int:
    """Merge a batch of hours before this moment into ARCHIVE_HOUR; returns how many."""
    old = HourlyViews.objects.filter(hour__gt=ARCHIVE_HOUR, hour__lt=before)
    rows = list(old.select_for_update(skip_locked=True).order_by("hour", "article")[:batch_size])
    totals = Counter[tuple[int, datetime]]()
    for row in rows:
        totals[row.article_id, ARCHIVE_HOUR] += row.views
    HourlyViews.objects.filter(pk__in=[row.pk for row in rows]).delete()
    insert_hours(totals)
    return len(rows)


@transaction.atomic
def merge_old_days(before: date, *, batch_size: int) -> int:
    """Merge a batch of referrers' days before this one into ARCHIVE_DAY; returns how many."""
    old = ReferrerViews.objects.filter(day__gt=ARCHIVE_DAY, day__lt=before)
    rows = list(old.select_for_update(skip_locked=True).order_by("day", "article")[:batch_size])
    totals = Counter[tuple[int, date, str]]()
    for row in rows:
        totals[row.article_id, ARCHIVE_DAY, row.referrer] += row.views
    ReferrerViews.objects.filter(pk__in=[row.pk for row in rows]).delete()
    insert_referrers(totals)
    return len(rows)


def drift() -> list[CountDrift]:
    """Articles whose total of views is not the sum of their hours."""
    return find_count_drift("views", all_hourly_views(), aggregate=Sum("views"))


def recount(found: CountDrift) -> None:
    """Set the total of views to the sum of the hours."""
    repair_count(found, rows=all_hourly_views(), aggregate=Sum("views"))


def all_hourly_views() -> QuerySet[HourlyViews]:
    return HourlyViews.objects.all()
