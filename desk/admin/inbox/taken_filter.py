"""Filter of the wire inbox: stories that a draft was begun from, and those that are free."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.models import Draft
from newsroom.db.expressions import IdArray

MAX_DRAFTS = 2_000  # the newest that were begun from the wire


class TakenFilter(admin.SimpleListFilter):
    """Filter: stories that a draft was begun from, or none; drafts in the trash do not count."""

    title = _("written from it")
    parameter_name = "taken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("yes", pgettext_lazy("wire inbox", "somebody is writing")),
            ("no", pgettext_lazy("wire inbox", "free")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        drafts = Draft.objects.not_trashed().filter(wire_version__isnull=False)
        if self.value() == "yes":
            # Ids instead of a condition: the database would look for the few among all stories.
            newest = drafts.order_by("-pk").values_list("wire_version__story", flat=True)
            return queryset.filter(pk__in_array=IdArray(set(newest[:MAX_DRAFTS])))
        if self.value() == "no":
            return queryset.filter(~Exists(drafts.filter(wire_version__story=OuterRef("pk"))))
        return queryset
