"""List filters of the comment admin."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
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
        waiting = Report.objects.unsettled().values("comment")
        if self.value() == "waiting":
            return queryset.filter(pk__in=waiting)
        if self.value() == "settled":
            settled = Report.objects.filter(settled_at__isnull=False).values("comment")
            return queryset.filter(pk__in=settled).exclude(pk__in=waiting)
        return queryset
