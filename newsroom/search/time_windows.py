"""Time windows of a search: periods, nearest first, each four times as long as the last. Pure.

So a frequent word is looked up among the newest articles only, and a rare one soon among all.  The GIN
index of PostgreSQL has no order of its own; but days, months and years are index terms like n-grams, and
it intersects them with those of a word without reading a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from newsroom.search.sort_keys import ROW_ID_BITS, make_sort_key

ONE_DAY = timedelta(days=1)
FIRST_WINDOW_DAYS, WINDOW_GROWTH_FACTOR = 4, 4
# Windows of so many days end with a month or a year, so that few date terms cover them.
MIN_DAYS_TO_ALIGN_TO_MONTHS, MIN_DAYS_TO_ALIGN_TO_YEARS = 31, 366


@dataclass(frozen=True)
class TimeWindow:
    """Exclusive bounds of sort keys, and the date terms of all days between (none: no restriction)."""

    above: int
    below: int
    terms: tuple[str, ...]


def iter_time_windows(
    above: int, below: int, *, ascending: bool, first_days: int = FIRST_WINDOW_DAYS
) -> Iterator[TimeWindow]:
    """Consecutive windows that cover the sort keys between the bounds, starting at the end read first."""
    first, last = day_of_sort_key(above), day_of_sort_key(below)
    start, days = (first if ascending else last), first_days
    while first <= start <= last:
        edge = start + (days - 1) * ONE_DAY * (1 if ascending else -1)
        edge = align_edge(edge, days, ascending=ascending)
        low, high = (start, min(edge, last)) if ascending else (max(edge, first), start)
        yield TimeWindow(
            max(above, first_sort_key_of_day(low) - 1),
            min(below, first_sort_key_of_day(high + ONE_DAY)),
            tuple(date_terms_between(low, high)),
        )
        start = high + ONE_DAY if ascending else low - ONE_DAY
        days *= WINDOW_GROWTH_FACTOR


def align_edge(edge: date, days: int, *, ascending: bool) -> date:
    """The far edge of a long window moved outwards to the end of its month or year."""
    if days < MIN_DAYS_TO_ALIGN_TO_MONTHS:
        return edge
    if ascending:
        month = edge.month if days < MIN_DAYS_TO_ALIGN_TO_YEARS else 12
        return last_day_of_month(date(edge.year, month, 1))
    return (
        edge.replace(day=1) if days < MIN_DAYS_TO_ALIGN_TO_YEARS else edge.replace(month=1, day=1)
    )


def last_day_of_month(day: date) -> date:
    return (day.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY


def date_terms_between(low: date, high: date) -> Iterator[str]:
    """The fewest date terms (years, months, days) that cover all days from one to the other."""
    day = low
    while day <= high:
        year_end, month_end = date(day.year, 12, 31), last_day_of_month(day)
        if (day.month, day.day) == (1, 1) and year_end <= high:
            yield f"_y{day:%Y}"
            day = year_end + ONE_DAY
        elif day.day == 1 and month_end <= high:
            yield f"_m{day:%Y%m}"
            day = month_end + ONE_DAY
        else:
            yield f"_d{day:%Y%m%d}"
            day += ONE_DAY


def day_of_sort_key(sort_key: int) -> date:
    return datetime.fromtimestamp((sort_key >> ROW_ID_BITS) / 100, UTC).date()


def first_sort_key_of_day(day: date) -> int:
    return make_sort_key(datetime(day.year, day.month, day.day, tzinfo=UTC))
