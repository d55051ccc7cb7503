"""Page of the statistics of moderation, and their CSV file."""

import csv
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.finding_texts import RULE_LABELS as FILTER_RULE_LABELS
from comments.moderation_statistics import (
    ARTICLE_RULE,
    DAY,
    EDIT_RULE,
    MAX_DAYS,
    MODERATOR_RULE,
    REPORTS_RULE,
    WEEK,
    DecisionFigures,
    ModerationStatistics,
    csv_rows,
    moderation_statistics,
)
from comments.permissions import may_moderate_comments

RULE_LABELS = FILTER_RULE_LABELS | {
    "sanction": _("sanction of the reader"),
    "classifier": _("the classifier"),
    REPORTS_RULE: _("reports of readers"),
    ARTICLE_RULE: _("all comments of the story"),
    EDIT_RULE: _("edited by the reader"),
    MODERATOR_RULE: _("held back by a moderator"),
}
PERIODS = [(7, _("7 days")), (28, _("4 weeks")), (MAX_DAYS, _("3 months"))]
DEFAULT_DAYS = 7


def statistics_urls(site: AdminSite) -> list[URLPattern]:
    page = site.admin_view(partial(statistics_page, site))
    return [path("moderation-statistics/", page, name="moderation_statistics")]


def statistics_menu_entry() -> dict[str, Any]:
    """The statistics as an entry of the menu, in the shape of a model's."""
    return {
        "name": _("Statistics of moderation"),
        "object_name": "ModerationStatistics",
        "admin_url": reverse("admin:moderation_statistics"),
        "add_url": None,
        "view_only": True,
        "perms": {"view": True},
    }


def statistics_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The statistics of the last `days`, by day or week; `format=csv` is the file."""
    if not may_moderate_comments(request.user):  # type: ignore[arg-type]  # staff by now
        raise PermissionDenied
    days = parse_days(request.GET.get("days", ""))
    by = WEEK if request.GET.get("by") == WEEK else DAY
    last = timezone.localdate()
    figures = moderation_statistics(last - timedelta(days=days - 1), last, by=by)
    if request.GET.get("format") == "csv":
        return csv_response(figures, last)
    context = {
        **site.each_context(request),
        "title": _("Statistics of moderation"),
        "days": days,
        "by": by,
        "period_choices": PERIODS,
        "by_choices": [(DAY, pgettext_lazy("statistics", "by day")), (WEEK, _("by week"))],
        "periods": period_rows(figures),
        "rules": decision_rows({RULE_LABELS.get(k, k): v for k, v in figures.rules.items()}),
        "moderators": decision_rows(
            {f"{figures.names[pk]} #{pk}": row for pk, row in figures.moderators.items()}
        ),
    }
    return TemplateResponse(request, "desk/moderation_statistics.html", context)


def parse_days(value: str) -> int:
    """The number of days of the query string, if it is one of PERIODS; else DEFAULT_DAYS."""
    offered = {str(days): days for days, _label in PERIODS}
    return offered.get(value, DEFAULT_DAYS)


def period_rows(figures: ModerationStatistics) -> list[dict[str, Any]]:
    """The figures by period, the newest first."""
    return [
        {"day": day, "figures": row, "median": format_duration(row.median_seconds)}
        for day, row in sorted(figures.periods.items(), reverse=True)
    ]


def decision_rows(figures: dict[Any, DecisionFigures]) -> list[dict[str, Any]]:
    """Decisions and overturned ones by label, the most decided first."""
    ordered = sorted(figures.items(), key=lambda pair: (-pair[1].decided, str(pair[0])))
    return [
        {"label": label, "figures": row, "percent": round(100 * (row.rate or 0))}
        for label, row in ordered
    ]


def format_duration(seconds: float | None) -> str:
    """A duration in seconds as h:mm:ss or m:ss; a dash for None."""
    if seconds is None:
        return "–"
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def csv_response(figures: ModerationStatistics, last: date) -> HttpResponse:
    """The figures by period as a CSV file, for spreadsheets."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="moderation-{last}.csv"'
    response.write("\ufeff")
    csv.writer(response).writerows(csv_rows(figures))
    return response
