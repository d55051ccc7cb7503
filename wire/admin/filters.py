"""Filters of the inbox: urgency, day, and words that a person types (place, subject)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAX_TYPED_CHARS = 60


class UrgencyFilter(admin.SimpleListFilter):
    """Filter: flashes, and what its agency marked as urgent."""

    title = _("urgency")
    parameter_name = "urgency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("flash", pgettext_lazy("wire", "urgent (flashes, 1 to 3)"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset  # `searched_filters`: the index does it


class TypedFilter(admin.SimpleListFilter):
    """Base of filters with an input of their own instead of a list of choices."""

    template = "admin/wire/story/typed_filter.html"
    input_type = "search"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Any:
        """One "choice": the input, and the parameters of the list that its form keeps."""
        others = {
            k: v for k, v in changelist.params.items() if k not in {self.parameter_name, PAGE_VAR}
        }
        if changelist.query:
            others[SEARCH_VAR] = changelist.query
        yield {
            "name": self.parameter_name,
            "type": self.input_type,
            "value": self.value() or "",
            "others": others.items(),
            "selected": bool(self.value()),
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset  # as UrgencyFilter


class PlaceFilter(TypedFilter):
    """Filter: stories with a place of this name in the dateline of a version."""

    title = _("place")
    parameter_name = "place"


class SubjectFilter(TypedFilter):
    """Filter: stories with a subject of this name in a version."""

    title = _("subject")
    parameter_name = "subject"


class DayFilter(TypedFilter):
    """Filter: stories of one day, in Korean time."""

    title = _("day")
    parameter_name = "day"
    input_type = "date"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day = parse_day(self.value())
        if day is None:
            return queryset
        start, end = day_bounds(day)
        return queryset.filter(news_at__gte=start, news_at__lt=end)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in Korean time, and that of the next."""
    start = timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # made aware
    return start, start + timedelta(days=1)


def parse_day(text: str | None) -> date | None:
    """The day `2026-10-01`; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def searched_filters(request: HttpRequest) -> dict[str, Any]:
    """What the filters of this list ask that the index answers: parameters of `search_inbox`."""
    typed = {
        name: request.GET.get(name, "")[:MAX_TYPED_CHARS]
        for name in (PlaceFilter.parameter_name, SubjectFilter.parameter_name)
    }
    day = parse_day(request.GET.get(DayFilter.parameter_name))
    start, end = day_bounds(day) if day else (None, None)
    return {
        **typed,
        "is_urgent": request.GET.get(UrgencyFilter.parameter_name) == "flash",
        "source_id": parse_id(request.GET.get("source__id__exact")),
        "since": start,
        "until": end,
    }


def parse_id(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
