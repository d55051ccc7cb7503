"""The months that have stories, without counting the stories of all months.

A row says how many stories of its month the change feed has spoken of as live (`told`): the sweep that
tells of a story counts its month anew, so that the two always agree.  A reader's question counts only
the months in which the feed is behind, or something is over by now; the others are rows.  When a month
changed last never goes back: stories that leave it change it as well
(articles/syndication/feed_updates.py).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import NOT_IN_CHANGE_FEED, Article, FeedChange, Month

MAX_PENDING_ARTICLES = 10_000


def month_start(moment: datetime) -> date:
    """The first day of the month in which this is, by the paper's clock."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date().replace(day=1)


def month_bounds(first_day: date) -> tuple[datetime, datetime]:
    """The beginning of a month and of the next, by the paper's clock."""
    zone, year, month = timezone.get_default_timezone(), first_day.year, first_day.month
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def published_in_month(first_day: date) -> Q:
    began, ended = month_bounds(first_day)
    return Q(first_published_at__gte=began, first_published_at__lt=ended)


def count_live_articles(first_day: date) -> Month:
    """The month as readers find it now. Not saved."""
    inside = Article.objects.filter(published_in_month(first_day))
    found = inside.live().aggregate(stories=Count("pk"), last=Max("published_at"))
    over = inside.filter(live__isnull=False, expires_at__lte=timezone.now())
    fresh = FeedChange.objects.filter(published_in_month(first_day), section=None, settled_at=None)
    changed_at = latest_time(
        found["last"],
        over.aggregate(last=Max("expires_at"))["last"],
        fresh.aggregate(last=Max("at"))["last"],
    )
    return Month(first_day=first_day, stories=found["stories"], changed_at=changed_at)


def latest_time(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def count_announced_articles(first_day: date) -> Month:
    """The month as the change feed has told of it. Not saved."""
    told = Article.objects.filter(published_in_month(first_day), told__gt=0)
    # In two, since most have an index by time and the rest one of what is to be told.
    moments = (
        told.filter(NOT_IN_CHANGE_FEED, live__isnull=True)
        .order_by("pk")
        .values_list("published_at")
    )
    rest = [moment for (moment,) in moments[:MAX_PENDING_ARTICLES] if moment]
    found = told.filter(live__isnull=False).aggregate(n=Count("pk"), last=Max("published_at"))
    last = max([*rest, *filter(None, [found["last"]])], default=None)
    return Month(first_day=first_day, stories=found["n"] + len(rest), changed_at=last)


def recount_months(moments: Iterable[datetime]) -> None:
    """Count the months anew in which these moments are, of stories that were just told of."""
    upsert_months(
        [
            count_announced_articles(first_day)
            for first_day in sorted(set(map(month_start, moments)))
        ]
    )


@transaction.atomic
def rebuild_months() -> None:
    """Count every month, for who has written stories past the sweep."""
    months = group_by_month(Article.objects.filter(told__gt=0, first_published_at__isnull=False))
    Month.objects.exclude(first_day__in=[month.first_day for month in months]).delete()
    upsert_months(months)


def group_by_month(stories: Any) -> list[Month]:
    """The months of these stories, all counted at once. Not saved."""
    months = stories.order_by().annotate(month=TruncMonth("first_published_at")).values("month")
    return [
        Month(first_day=month_start(row["month"]), stories=row["n"], changed_at=row["changed_at"])
        for row in months.annotate(n=Count("pk"), changed_at=Max("published_at"))
    ]


def upsert_months(months: list[Month]) -> None:
    """Keep these. When a month changed last stays what it was where it would go back."""
    kept = Month.objects.in_bulk([month.first_day for month in months])
    for month in months:
        month.changed_at = latest_change(month, kept.get(month.first_day))
    Month.objects.bulk_create(
        months,
        update_conflicts=True,
        unique_fields=["first_day"],
        update_fields=["stories", "changed_at"],
    )


def latest_change(month: Month, kept: Month | None) -> datetime | None:
    return latest_time(month.changed_at, kept.changed_at if kept else None)


def months_with_articles() -> list[Month]:
    """Those of now, the oldest first."""
    waiting = pending_publication_times()
    kept = {month.first_day: month for month in Month.objects.all()}
    if waiting is None:
        now = group_by_month(Article.objects.live())
        months = {}
    else:
        now = [
            count_live_articles(first_day) for first_day in sorted(set(map(month_start, waiting)))
        ]
        months = kept.copy()
    for month in now:
        month.changed_at = latest_change(month, kept.get(month.first_day))
        months[month.first_day] = month
    return [months[day] for day in sorted(months) if months[day].stories]


def pending_publication_times() -> set[datetime] | None:
    """When those stories were first published that the sweep has still to see; None for very many, as
    after an archive was taken in.

    In order and not more than many, so that PostgreSQL, which takes most stories for such, reads the
    index that holds the few and not the whole table.
    """
    seen = Article.objects.filter(first_published_at__isnull=False)
    over = seen.filter(live__isnull=False, expires_at__lte=timezone.now())
    found = set[datetime]()
    for rows in (seen.filter(NOT_IN_CHANGE_FEED).order_by("pk"), over.order_by("expires_at")):
        moments = list(
            rows.values_list("first_published_at", flat=True)[: MAX_PENDING_ARTICLES + 1]
        )
        if len(moments) > MAX_PENDING_ARTICLES:
            return None
        found.update(moment for moment in moments if moment)
    return found
