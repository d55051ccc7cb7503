"""Counting who reads: readings become numbers by the hour and a sum, in batches, each exactly once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from articles.models import CountedBatch, ReadHour, Reading
from articles.models.page_views import LONG_AGO
from articles.readership.stores import AGAIN_AFTER, Hours, batch, batches, marked, note
from articles.readership.visitors import key_of
from articles.reconciliation import Drift, drift_of
from articles.reconciliation import recount as recount_rows

AT_ONCE = 500
KEEP_HOURS = timedelta(days=8)  # longer than any window of articles/readership/popular.py
# A Redis that comes back from an older copy brings none back twice.
KEEP_BATCHES = timedelta(days=7)
BY_THE_HOUR = """
INSERT INTO articles_readhour (article_id, hour, views) VALUES {}
ON CONFLICT (article_id, hour) DO UPDATE SET views = articles_readhour.views + EXCLUDED.views
"""
IN_ALL = """
INSERT INTO articles_articlecounts (article_id, comments, saves, views) VALUES {}
ON CONFLICT (article_id) DO UPDATE SET views = articles_articlecounts.views + EXCLUDED.views
"""


def read(article: int, *, meta: Any) -> bool:
    """Somebody reads an article, by the WSGI environment; whether it will be counted. Writes no count."""
    now = timezone.now()
    day, proxies = timezone.localdate(now), settings.TRUSTED_PROXIES
    return note(key_of(meta, article=article, day=day, proxies=proxies), article=article, at=now)


def count_waiting() -> int:
    """Count every reading that waits; how many. Safe anywhere, at once, and after a death in the middle."""
    total = 0
    for name in batches():
        with batch(name) as found:
            total += count(found)
    while some := count_marked():
        total += some
    return total


def count_marked() -> int:
    with marked() as found:
        return count(found)


def count(found: Hours) -> int:
    """Add readings to their hours, then to the sums: who holds a sum knows all hours in it."""
    hours = sorted((article, hour, views) for (article, hour), views in found.items())
    sums: dict[int, int] = {}
    for article, _hour, views in hours:
        sums[article] = sums.get(article, 0) + views
    adapt = connection.ops.adapt_datetimefield_value
    add(BY_THE_HOUR, "(%s, %s, %s)", [(article, adapt(hour), n) for article, hour, n in hours])
    add(IN_ALL, "(%s, 0, 0, %s)", sorted(sums.items()))
    return found.total()


def add(statement: str, row: str, rows: list[Any]) -> None:
    """Rows of one kind, in the order of their articles, so that two who count never wait for each other."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        with connection.cursor() as cursor:
            values = [value for each in some for value in each]
            cursor.execute(statement.format(", ".join([row] * len(some))), values)


def tidy(*, now: datetime, at_once: int = AT_ONCE) -> int:
    """Forget who read what, and put hours together that nobody asks for one by one; how many rows."""
    over = Reading.objects.filter(waiting=0, at__lte=now - AGAIN_AFTER)
    gone = over.delete()[0] + CountedBatch.objects.filter(at__lte=now - KEEP_BATCHES).delete()[0]
    while some := put_together(now - KEEP_HOURS, at_once=at_once):
        gone += some
    return gone


@transaction.atomic
def put_together(before: datetime, *, at_once: int) -> int:
    """Add some old hours to what was long ago; how many."""
    old = ReadHour.objects.filter(hour__gt=LONG_AGO, hour__lt=before)
    held = list(old.select_for_update(skip_locked=True).order_by("hour", "article")[:at_once])
    sums = Hours()
    for row in held:
        sums[row.article_id, LONG_AGO] += row.views
    ReadHour.objects.filter(pk__in=[row.pk for row in held]).delete()
    adapt = connection.ops.adapt_datetimefield_value
    rows = sorted((article, adapt(hour), views) for (article, hour), views in sums.items())
    add(BY_THE_HOUR, "(%s, %s, %s)", rows)
    return len(held)


def drift() -> list[Drift]:
    """The articles whose number of readings is not right."""
    return drift_of("views", all_hours(), number=Sum("views"))


def recount(found: Drift) -> None:
    recount_rows(found, rows=all_hours(), number=Sum("views"))


def all_hours() -> QuerySet[ReadHour]:
    return ReadHour.objects.all()
