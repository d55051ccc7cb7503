"""What the list of comments can be narrowed to."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comments.models import Report


class ReportedFilter(SimpleListFilter):
    """Comments that readers have reported: those that wait for a decision, or those decided on."""

    title = _("reports")
    parameter_name = "reported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("reported")), ("settled", _("settled by a moderator"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        told = Report.objects.filter(comment=OuterRef("pk"))
        if self.value() == "waiting":
            return queryset.filter(Exists(told.unsettled()))
        if self.value() == "settled":
            return queryset.filter(Exists(told), ~Exists(told.unsettled()))
        return queryset
