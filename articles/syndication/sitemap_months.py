"""Sitemap months: number and last change of the articles of each month, without counting all articles.

A row counts the articles of its month that the change feed has as live (`change_feed_state`): the sweep of
the change feed counts the months of its articles again, so that the two always agree.  A request for the
sitemap index counts only the months with pending or expired articles; the others are read from the rows.
`changed_at` never decreases: articles that leave a month change it as well
(articles/syndication/feed_updates.py).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import NOT_IN_CHANGE_FEED, Article, FeedChange, SitemapMonth

MAX_PENDING_ARTICLES = 10_000  # looked up one by one; above, all months are counted


def month_start(moment: datetime) -> date:
    """First day of the month of this moment, in the site's time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date().replace(day=1)


def month_bounds(first_day: date) -> tuple[datetime, datetime]:
    """Start of a month and of the next one, in the site's time zone."""
    zone, year, month = timezone.get_default_timezone(), first_day.year, first_day.month
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def published_in_month(first_day: date) -> Q:
    start, end = month_bounds(first_day)
    return Q(first_published_at__gte=start, first_published_at__lt=end)


def count_live_articles(first_day: date) -> SitemapMonth:
    """The month as of now, counted from live articles. Not saved."""
    in_month = Article.objects.filter(published_in_month(first_day))
    live = in_month.live().aggregate(stories=Count("pk"), last=Max("published_at"))
    expired = in_month.filter(live__isnull=False, expires_at__lte=timezone.now())
    pending = FeedChange.objects.filter(
        published_in_month(first_day), section=None, settled_at=None
    )
    changed_at = latest_time(
        live["last"],
        expired.aggregate(last=Max("expires_at"))["last"],
        pending.aggregate(last=Max("at"))["last"],
    )
    return SitemapMonth(first_day=first_day, stories=live["stories"], changed_at=changed_at)


def latest_time(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def count_announced_articles(first_day: date) -> SitemapMonth:
    """The month as the change feed has it, counted from the articles. Not saved."""
    announced = Article.objects.filter(published_in_month(first_day), change_feed_state__gt=0)
    # Two queries: live articles have an index by time, the few others that of pending articles.
    removed = announced.filter(NOT_IN_CHANGE_FEED, live__isnull=True).order_by("pk")
    removed_times = removed.values_list("published_at", flat=True)[:MAX_PENDING_ARTICLES]
    removed_at = [moment for moment in removed_times if moment]
    live = announced.filter(live__isnull=False).aggregate(n=Count("pk"), last=Max("published_at"))
    return SitemapMonth(
        first_day=first_day,
        stories=live["n"] + len(removed_at),
        changed_at=latest_time(*removed_at, live["last"]),
    )


def recount_months(moments: Iterable[datetime]) -> None:
    """Count the months of these publication times again, after a sweep of the change feed."""
    first_days = sorted(set(map(month_start, moments)))
    upsert_months([count_announced_articles(first_day) for first_day in first_days])


@transaction.atomic
def rebuild_months() -> None:
    """Count all months again, for articles that were written without the sweep."""
    announced = Article.objects.filter(change_feed_state__gt=0, first_published_at__isnull=False)
    months = group_by_month(announced)
    SitemapMonth.objects.exclude(first_day__in=[month.first_day for month in months]).delete()
    upsert_months(months)


def group_by_month(articles: Any) -> list[SitemapMonth]:
    """The months of these articles, counted in one query. Not saved."""
    months = articles.order_by().annotate(month=TruncMonth("first_published_at")).values("month")
    return [
        SitemapMonth(
            first_day=month_start(row["month"]), stories=row["n"], changed_at=row["changed_at"]
        )
        for row in months.annotate(n=Count("pk"), changed_at=Max("published_at"))
    ]


def upsert_months(months: list[SitemapMonth]) -> None:
    """Save these months; `changed_at` of a stored month never decreases."""
    stored = SitemapMonth.objects.in_bulk([month.first_day for month in months])
    for month in months:
        month.changed_at = latest_change(month, stored.get(month.first_day))
    SitemapMonth.objects.bulk_create(
        months,
        update_conflicts=True,
        unique_fields=["first_day"],
        update_fields=["stories", "changed_at"],
    )


def latest_change(month: SitemapMonth, stored: SitemapMonth | None) -> datetime | None:
    return latest_time(month.changed_at, stored.changed_at if stored else None)


def months_with_articles() -> list[SitemapMonth]:
    """The months with live articles as of now, oldest first. Not saved."""
    pending = pending_publication_times()
    stored = {month.first_day: month for month in SitemapMonth.objects.all()}
    if pending is None:
        current = group_by_month(Article.objects.live())
        months = {}
    else:
        first_days = sorted(set(map(month_start, pending)))
        current = [count_live_articles(first_day) for first_day in first_days]
        months = stored.copy()
    for month in current:
        month.changed_at = latest_change(month, stored.get(month.first_day))
        months[month.first_day] = month
    return [months[day] for day in sorted(months) if months[day].stories]


def pending_publication_times() -> set[datetime] | None:
    """First publications of pending and expired articles, whose months are to be counted.

    None for more than MAX_PENDING_ARTICLES, as after the import of an archive.  Ordered and limited, so
    that PostgreSQL, which overestimates the condition, reads the small partial index.
    """
    published = Article.objects.filter(first_published_at__isnull=False)
    expired = published.filter(live__isnull=False, expires_at__lte=timezone.now())
    times = set[datetime]()
    for rows in (
        published.filter(NOT_IN_CHANGE_FEED).order_by("pk"),
        expired.order_by("expires_at"),
    ):
        moments = rows.values_list("first_published_at", flat=True)[: MAX_PENDING_ARTICLES + 1]
        if len(moments) > MAX_PENDING_ARTICLES:
            return None
        times.update(moment for moment in moments if moment)
    return times
