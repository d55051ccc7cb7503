"""Counting who reads: readings become numbers by the hour and a sum, in batches, each exactly once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from articles.models import CountedBatch, ReadHour, Reading
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
from articles.reconciliation import CountDrift, find_count_drift
from articles.reconciliation import repair_count as recount_rows

INSERT_BATCH_SIZE = 500
HOURLY_VIEWS_RETENTION = timedelta(
    days=8
)  # longer than any window of articles/readership/popular.py
# A Redis that comes back from an older copy brings none back twice.
COUNTED_BATCH_RETENTION = timedelta(days=7)
ADD_HOURLY_VIEWS_SQL = """
INSERT INTO articles_readhour (article_id, hour, views) VALUES {}
ON CONFLICT (article_id, hour) DO UPDATE SET views = articles_readhour.views + EXCLUDED.views
"""
ADD_TOTAL_VIEWS_SQL = """
INSERT INTO articles_articlecounts (article_id, comments, saves, views) VALUES {}
ON CONFLICT (article_id) DO UPDATE SET views = articles_articlecounts.views + EXCLUDED.views
"""


def record_view(article_id: int, *, meta: Any) -> bool:
    """Somebody reads an article, by the WSGI environment; whether it will be counted. Writes no count."""
    now = timezone.now()
    day, proxies = timezone.localdate(now), settings.TRUSTED_PROXIES
    return buffer_view(
        visitor_key(meta, article_id=article_id, day=day, proxies=proxies),
        article_id=article_id,
        at=now,
    )


def count_pending_views() -> int:
    """Count every reading that waits; how many. Safe anywhere, at once, and after a death in the middle."""
    total = 0
    for name in claim_redis_batches():
        with open_redis_batch(name) as found:
            total += add_views(found)
    while some := count_database_batch():
        total += some
    return total


def count_database_batch() -> int:
    with open_database_batch() as found:
        return add_views(found)


def add_views(found: ViewsByHour) -> int:
    """Add readings to their hours, then to the sums: who holds a sum knows all hours in it."""
    hours = sorted((article, hour, views) for (article, hour), views in found.items())
    sums: dict[int, int] = {}
    for article, _hour, views in hours:
        sums[article] = sums.get(article, 0) + views
    adapt = connection.ops.adapt_datetimefield_value
    execute_in_batches(
        ADD_HOURLY_VIEWS_SQL,
        "(%s, %s, %s)",
        [(article, adapt(hour), n) for article, hour, n in hours],
    )
    execute_in_batches(ADD_TOTAL_VIEWS_SQL, "(%s, 0, 0, %s)", sorted(sums.items()))
    return found.total()


def execute_in_batches(statement: str, row: str, rows: list[Any]) -> None:
    """Rows of one kind, in the order of their articles, so that two who count never wait for each other."""
    for start in range(0, len(rows), INSERT_BATCH_SIZE):
        some = rows[start : start + INSERT_BATCH_SIZE]
        with connection.cursor() as cursor:
            values = [value for each in some for value in each]
            cursor.execute(statement.format(", ".join([row] * len(some))), values)


def purge_old_views(*, now: datetime, batch_size: int = INSERT_BATCH_SIZE) -> int:
    """Forget who read what, and put hours together that nobody asks for one by one; how many rows."""
    over = Reading.objects.filter(waiting=0, at__lte=now - REPEAT_VIEW_INTERVAL)
    gone = (
        over.delete()[0]
        + CountedBatch.objects.filter(at__lte=now - COUNTED_BATCH_RETENTION).delete()[0]
    )
    while some := merge_old_hours(now - HOURLY_VIEWS_RETENTION, batch_size=batch_size):
        gone += some
    return gone


@transaction.atomic
def merge_old_hours(before: datetime, *, batch_size: int) -> int:
    """Add some old hours to what was long ago; how many."""
    old = ReadHour.objects.filter(hour__gt=ARCHIVE_HOUR, hour__lt=before)
    held = list(old.select_for_update(skip_locked=True).order_by("hour", "article")[:batch_size])
    sums = ViewsByHour()
    for row in held:
        sums[row.article_id, ARCHIVE_HOUR] += row.views
    ReadHour.objects.filter(pk__in=[row.pk for row in held]).delete()
    adapt = connection.ops.adapt_datetimefield_value
    rows = sorted((article, adapt(hour), views) for (article, hour), views in sums.items())
    execute_in_batches(ADD_HOURLY_VIEWS_SQL, "(%s, %s, %s)", rows)
    return len(held)


def drift() -> list[CountDrift]:
    """The articles whose number of readings is not right."""
    return find_count_drift("views", all_hourly_views(), number=Sum("views"))


def recount(found: CountDrift) -> None:
    recount_rows(found, rows=all_hourly_views(), number=Sum("views"))


def all_hourly_views() -> QuerySet[ReadHour]:
    return ReadHour.objects.all()
