"""The months that have stories, without counting the stories of all months.

The sweep of the change feed counts the months anew of what it tells.  A reader's question counts only
those in which something has not been told yet, or is over by now; the others are rows.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Max
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import NOT_TOLD, Article, Month

MANY = 10_000


def month_of(moment: datetime) -> date:
    """The first day of the month in which this is, by the paper's clock."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date().replace(day=1)


def span(first_day: date) -> tuple[datetime, datetime]:
    """The beginning of a month and of the next, by the paper's clock."""
    zone, year, month = timezone.get_default_timezone(), first_day.year, first_day.month
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def counted(first_day: date) -> Month:
    """The month as it is now. Not saved."""
    began, ended = span(first_day)
    stories = Article.objects.live().published_from(began).published_until(ended)
    told = stories.aggregate(stories=Count("pk"), changed_at=Max("published_at"))
    return Month(first_day=first_day, **told)


def count(moments: Iterable[datetime]) -> None:
    """Count the months anew in which these moments are."""
    write([counted(first_day) for first_day in sorted(set(map(month_of, moments)))])


def count_all() -> None:
    """Count every month, for who has written stories past the sweep."""
    by_month = Article.objects.live().order_by().annotate(month=TruncMonth("first_published_at"))
    found = by_month.values("month").annotate(n=Count("pk"), changed_at=Max("published_at"))
    write(
        [
            Month(first_day=month_of(row["month"]), stories=row["n"], changed_at=row["changed_at"])
            for row in found
        ]
    )


def write(months: list[Month]) -> None:
    Month.objects.bulk_create(
        months,
        update_conflicts=True,
        unique_fields=["first_day"],
        update_fields=["stories", "changed_at"],
    )


def months_with_stories() -> list[Month]:
    """Those of now, the oldest first."""
    months = {month.first_day: month for month in Month.objects.all()}
    for first_day in sorted(set(map(month_of, not_counted()))):
        months[first_day] = counted(first_day)
    return [months[day] for day in sorted(months) if months[day].stories]


def not_counted() -> set[datetime]:
    """When those stories were first published that the sweep has still to see.

    In order and not more than many, so that PostgreSQL, which takes most stories for such, reads the
    index that holds the few and not the whole table.  Of more than that, a burst, nearly all are of
    one month.
    """
    seen = Article.objects.filter(first_published_at__isnull=False)
    over = seen.filter(live__isnull=False, expires_at__lte=timezone.now())
    waiting = (seen.filter(NOT_TOLD).order_by("pk"), over.order_by("expires_at"))
    return {
        moment
        for rows in waiting
        for moment in rows.values_list("first_published_at", flat=True)[:MANY]
        if moment
    }
