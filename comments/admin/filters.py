"""List filters of the comment admin."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comments.models import Report


class ReportedFilter(SimpleListFilter):
    """Filter for reported comments: with open reports, or with settled ones only."""

    title = _("reports")
    parameter_name = "reported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("reported")), ("settled", _("settled by a moderator"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        reports = Report.objects.filter(comment=OuterRef("pk"))
        if self.value() == "waiting":
            return queryset.filter(Exists(reports.unsettled()))
        if self.value() == "settled":
            return queryset.filter(Exists(reports), ~Exists(reports.unsettled()))
        return queryset
