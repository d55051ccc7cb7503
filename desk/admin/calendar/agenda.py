"""Agenda of the calendar: the entries of a period by day, so many of a day as its view has room for."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from desk.admin.calendar.period import Period, View
from desk.admin.calendar.sources import SOURCES, CalendarFilter, CalendarItem, Source

# Entries shown of a day; the day view has the others.
MAX_ITEMS_PER_DAY = {View.MONTH: 5, View.WEEK: 30, View.DAY: 400}
MAX_TIMES_PER_SOURCE = 5000


@dataclass
class CalendarDay:
    """One day with its entries in the order of time; `hidden_count` more are not shown."""

    date: date
    is_today: bool
    is_past: bool
    is_outside: bool  # of the month that is shown
    items: list[CalendarItem] = field(default_factory=list)
    hidden_count: int = 0
    first_open_hour: int = 0  # of today the one that is running; earlier ones are past

    def hours(self) -> list[tuple[int, bool, list[CalendarItem]]]:
        """The 24 hours: the number of each, whether it is past, and its entries."""
        by_hour = defaultdict[int, list[CalendarItem]](list)
        for item in self.items:
            by_hour[timezone.localtime(item.at).hour].append(item)
        return [
            (hour, self.is_past or hour < self.first_open_hour, by_hour[hour]) for hour in range(24)
        ]


def agenda_of(period: Period, filters: CalendarFilter, now: datetime) -> list[CalendarDay]:
    """The days of the period with their entries. Two queries for each source, whatever there is."""
    keys_by_day = find_times(period, filters)
    limit, today = MAX_ITEMS_PER_DAY[period.view], timezone.localdate(now)
    chosen = {day: keys[:limit] for day, keys in keys_by_day.items()}
    items = load_items([key for keys in chosen.values() for key in keys])
    days = []
    for day in period.days():
        keys = chosen.get(day, [])
        found = [
            items[source.kind, pk] for _order, _at, pk, source in keys if (source.kind, pk) in items
        ]
        days.append(
            CalendarDay(
                date=day,
                is_today=day == today,
                is_past=day < today,
                is_outside=period.view == View.MONTH and day.month != period.around.month,
                items=sorted(found, key=lambda item: (item.at, item.kind, item.pk)),
                hidden_count=len(keys_by_day.get(day, [])) - len(keys),
                first_open_hour=timezone.localtime(now).hour if day == today else 0,
            )
        )
    return days


Key = tuple[int, datetime, int, Source]  # priority, time, id and source of an entry


def find_times(period: Period, filters: CalendarFilter) -> dict[date, list[Key]]:
    """The entries of each day, those to show first on top."""
    start, end = period.bounds()
    by_day = defaultdict[date, list[Key]](list)
    for source in SOURCES:
        for at, pk in source.times(start, end, filters)[:MAX_TIMES_PER_SOURCE]:
            by_day[timezone.localdate(at)].append((source.priority, at, pk, source))
    for keys in by_day.values():
        keys.sort(key=lambda key: key[:3])
    return by_day


def load_items(keys: list[Key]) -> dict[tuple[str, int], CalendarItem]:
    """The entries by kind and id."""
    ids = defaultdict[str, list[int]](list)
    for _order, _at, pk, source in keys:
        ids[source.kind].append(pk)
    items = {}
    for source in SOURCES:
        for item in source.items(ids[source.kind]) if ids[source.kind] else ():
            item.label = source.label
            items[item.kind, item.pk] = item
    return items
