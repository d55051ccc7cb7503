"""Page view counts: records views, adds buffered ones to hourly and total counts, each exactly once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from articles.models import CountedBatch, HourlyViews, RecentView
from articles.models.page_views import ARCHIVE_HOUR
from articles.readership.stores import (
    REPEAT_VIEW_INTERVAL,
    ViewsByHour,
    buffer_view,
    claim_redis_batches,
    open_database_batch,
    open_redis_batch,
)
from articles.readership.visitors import visitor_key
from articles.reconciliation import CountDrift, find_count_drift, repair_count

INSERT_BATCH_SIZE = 500
HOURLY_VIEWS_RETENTION = timedelta(days=8)  # longer than any of POPULAR_WINDOWS
# So that batches of a Redis restored from an older copy are not counted again.
COUNTED_BATCH_RETENTION = timedelta(days=7)
ADD_HOURLY_VIEWS_SQL = """
INSERT INTO articles_hourlyviews (article_id, hour, views) VALUES {}
ON CONFLICT (article_id, hour) DO UPDATE SET views = articles_hourlyviews.views + EXCLUDED.views
"""
ADD_TOTAL_VIEWS_SQL = """
INSERT INTO articles_articlecounts (article_id, comments, saves, views) VALUES {}
ON CONFLICT (article_id) DO UPDATE SET views = articles_articlecounts.views + EXCLUDED.views
"""


def record_view(article_id: int, *, meta: Any) -> bool:
    """Buffer a page view of a request (its WSGI environment); whether it will be counted."""
    now = timezone.now()
    key = visitor_key(
        meta,
        article_id=article_id,
        day=timezone.localdate(now),
        proxies=settings.TRUSTED_PROXIES,
    )
    return buffer_view(key, article_id=article_id, at=now)


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


def add_views(views: ViewsByHour) -> int:
    """Add views to their hours, then to the totals; returns how many.

    In this order: a transaction that has locked a total sees all hours that are in it.
    """
    hours = sorted((article_id, hour, number) for (article_id, hour), number in views.items())
    totals: dict[int, int] = {}
    for article_id, _hour, number in hours:
        totals[article_id] = totals.get(article_id, 0) + number
    insert_hours(hours)
    execute_in_batches(ADD_TOTAL_VIEWS_SQL, "(%s, 0, 0, %s)", sorted(totals.items()))
    return views.total()


def insert_hours(hours: list[tuple[int, datetime, int]]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    rows = [(article_id, adapt(hour), number) for article_id, hour, number in hours]
    execute_in_batches(ADD_HOURLY_VIEWS_SQL, "(%s, %s, %s)", rows)


def execute_in_batches(statement: str, row: str, rows: list[Any]) -> None:
    """Run an INSERT for these rows, which must be sorted by article, so that workers cannot deadlock."""
    for start in range(0, len(rows), INSERT_BATCH_SIZE):
        batch = rows[start : start + INSERT_BATCH_SIZE]
        values = [value for values in batch for value in values]
        with connection.cursor() as cursor:
            cursor.execute(statement.format(", ".join([row] * len(batch))), values)


def purge_old_views(*, now: datetime, batch_size: int = INSERT_BATCH_SIZE) -> int:
    """Delete expired visitor keys and batch ids, and merge old hours; returns the number of rows."""
    expired = RecentView.objects.filter(waiting=0, at__lte=now - REPEAT_VIEW_INTERVAL)
    old_batches = CountedBatch.objects.filter(at__lte=now - COUNTED_BATCH_RETENTION)
    purged = expired.delete()[0] + old_batches.delete()[0]
    while merged := merge_old_hours(now - HOURLY_VIEWS_RETENTION, batch_size=batch_size):
        purged += merged
    return purged


@transaction.atomic
def merge_old_hours(before: datetime, *, batch_size: int) -> int:
    """Merge a batch of hours before this moment into ARCHIVE_HOUR; returns how many."""
    old = HourlyViews.objects.filter(hour__gt=ARCHIVE_HOUR, hour__lt=before)
    rows = list(old.select_for_update(skip_locked=True).order_by("hour", "article")[:batch_size])
    totals = ViewsByHour()
    for row in rows:
        totals[row.article_id, ARCHIVE_HOUR] += row.views
    HourlyViews.objects.filter(pk__in=[row.pk for row in rows]).delete()
    insert_hours(sorted((article_id, hour, views) for (article_id, hour), views in totals.items()))
    return len(rows)


def drift() -> list[CountDrift]:
    """Articles whose total of views is not the sum of their hours."""
    return find_count_drift("views", all_hourly_views(), aggregate=Sum("views"))


def recount(found: CountDrift) -> None:
    """Set the total of views to the sum of the hours."""
    repair_count(found, rows=all_hourly_views(), aggregate=Sum("views"))


def all_hourly_views() -> QuerySet[HourlyViews]:
    return HourlyViews.objects.all()
