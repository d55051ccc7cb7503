"""Stretches of time, nearest first and each four times as long, so that a word that stands everywhere is
looked for among the newest stories and a rare one soon among all. Pure.

PostgreSQL's index of grams has no order of its own; the days, months and years of a stretch are grams
like others, and it meets them with those of a word without opening a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from articles.search.documents import ARTICLE_ID_BITS, make_sort_key

DAY = timedelta(days=1)
FIRST_WINDOW_DAYS, WINDOW_GROWTH_FACTOR = 4, 4
MIN_DAYS_TO_ALIGN_TO_MONTHS, MIN_DAYS_TO_ALIGN_TO_YEARS = 31, 366


@dataclass(frozen=True)
class TimeWindow:
    """Places above one and below another, and the keys of all days between."""

    above: int
    below: int
    keys: tuple[str, ...]


def iter_time_windows(above: int, below: int, *, ascending: bool) -> Iterator[TimeWindow]:
    """What lies between these places, in stretches; the nearest to where one begins first."""
    first, last = day_of_sort_key(above), day_of_sort_key(below)
    start, size = (first if ascending else last), FIRST_WINDOW_DAYS
    while first <= start <= last:
        edge = start + (size - 1) * DAY * (1 if ascending else -1)
        edge = align_edge(edge, size, ascending=ascending)
        low, high = (start, min(edge, last)) if ascending else (max(edge, first), start)
        yield TimeWindow(
            max(above, first_sort_key_of_day(low) - 1),
            min(below, first_sort_key_of_day(high + DAY)),
            tuple(date_terms_between(low, high)),
        )
        start, size = (high + DAY if ascending else low - DAY), size * WINDOW_GROWTH_FACTOR


def align_edge(edge: date, size: int, *, ascending: bool) -> date:
    """The edge of a long stretch moved on to that of a month or year: a few keys say all its days."""
    if size < MIN_DAYS_TO_ALIGN_TO_MONTHS:
        return edge
    if ascending:
        month = edge.month if size < MIN_DAYS_TO_ALIGN_TO_YEARS else 12
        return (date(edge.year, month, 28) + 4 * DAY).replace(day=1) - DAY
    return (
        edge.replace(day=1) if size < MIN_DAYS_TO_ALIGN_TO_YEARS else edge.replace(month=1, day=1)
    )


def date_terms_between(low: date, high: date) -> Iterator[str]:
    """The fewest keys that say all days from one to another: years, months, days."""
    day = low
    while day <= high:
        year_ends = date(day.year, 12, 31)
        month_ends = (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY
        if (day.month, day.day) == (1, 1) and year_ends <= high:
            yield f"_y{day:%Y}"
            day = year_ends + DAY
        elif day.day == 1 and month_ends <= high:
            yield f"_m{day:%Y%m}"
            day = month_ends + DAY
        else:
            yield f"_d{day:%Y%m%d}"
            day += DAY


def day_of_sort_key(place: int) -> date:
    return datetime.fromtimestamp((place >> ARTICLE_ID_BITS) / 100, UTC).date()


def first_sort_key_of_day(day: date) -> int:
    """The first place of a day."""
    return make_sort_key(datetime(day.year, day.month, day.day, tzinfo=UTC))
