"""Filters of the inbox: urgency, day, and words that a person types (place, subject)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.text.normalization import normalize_line
from wire.inbox_search import has_words, is_about, is_flash, is_from

MAX_TYPED_CHARS = 60


class UrgencyFilter(admin.SimpleListFilter):
    """Filter: flashes, and what its agency marked as urgent."""

    title = _("urgency")
    parameter_name = "urgency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("flash", pgettext_lazy("wire", "urgent (flashes, 1 to 3)"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset  # `text_conditions` does it, within the window of the search


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
    title = _("place")
    parameter_name = "place"


class SubjectFilter(TypedFilter):
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
        start = timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # made aware
        return queryset.filter(news_at__gte=start, news_at__lt=start + timedelta(days=1))


def parse_day(text: str | None) -> date | None:
    """The day `2026-10-01`; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def text_conditions(request: HttpRequest, words: str) -> list[Q]:
    """The conditions on the words of current versions: the search, and the filters of this list."""
    conditions = has_words(words)
    if request.GET.get(UrgencyFilter.parameter_name) == "flash":
        conditions.append(is_flash())
    for name, condition in (
        (PlaceFilter.parameter_name, is_from),
        (SubjectFilter.parameter_name, is_about),
    ):
        if typed := normalize_line(request.GET.get(name, ""))[:MAX_TYPED_CHARS]:
            conditions.append(condition(typed))
    return conditions
