"""Stretches of time, nearest first and each four times as long, so that a word that stands everywhere is
looked for among the newest stories and a rare one soon among all. Pure.

PostgreSQL's index of grams has no order of its own; the days, months and years of a stretch are grams
like others, and it meets them with those of a word without opening a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from articles.search.documents import NUMBER_BITS, place_of

DAY = timedelta(days=1)
FIRST, GROWS = 4, 4
WHOLE_MONTHS, WHOLE_YEARS = 31, 366


@dataclass(frozen=True)
class Window:
    """Places above one and below another, and the keys of all days between."""

    above: int
    below: int
    keys: tuple[str, ...]


def windows(above: int, below: int, *, upwards: bool) -> Iterator[Window]:
    """What lies between these places, in stretches; the nearest to where one begins first."""
    first, last = day_of(above), day_of(below)
    start, size = (first if upwards else last), FIRST
    while first <= start <= last:
        edge = start + (size - 1) * DAY * (1 if upwards else -1)
        edge = rounded(edge, size, upwards=upwards)
        low, high = (start, min(edge, last)) if upwards else (max(edge, first), start)
        yield Window(
            max(above, place_at(low) - 1), min(below, place_at(high + DAY)), tuple(keys(low, high))
        )
        start, size = (high + DAY if upwards else low - DAY), size * GROWS


def rounded(edge: date, size: int, *, upwards: bool) -> date:
    """The edge of a long stretch moved on to that of a month or year: a few keys say all its days."""
    if size < WHOLE_MONTHS:
        return edge
    if upwards:
        month = edge.month if size < WHOLE_YEARS else 12
        return (date(edge.year, month, 28) + 4 * DAY).replace(day=1) - DAY
    return edge.replace(day=1) if size < WHOLE_YEARS else edge.replace(month=1, day=1)


def keys(low: date, high: date) -> Iterator[str]:
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


def day_of(place: int) -> date:
    return datetime.fromtimestamp((place >> NUMBER_BITS) / 100, UTC).date()


def place_at(day: date) -> int:
    """The first place of a day."""
    return place_of(datetime(day.year, day.month, day.day, tzinfo=UTC))
