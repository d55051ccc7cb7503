"""List filters of the stories in the admin: by status, and own stories only."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.models import Draft, Release
from desk.models.querysets import has_expired
from newsroom.db.expressions import CurrentTime
from wire.models import under_embargo

NOT_TRASHED = Q(trashed_at__isnull=True)
HAS_EXPIRED = has_expired() & Q(article__withdrawn_at__isnull=True)
IS_LIVE = NOT_TRASHED & Q(article__live__isnull=False) & ~HAS_EXPIRED
DATABASE_NOW: Any = CurrentTime()
IS_EMBARGOED = Q(embargo_until__gt=DATABASE_NOW) | under_embargo(
    DATABASE_NOW, "wire_version__story__"
)
# From the few waiting releases to their drafts, not from every draft to its release.
IS_SCHEDULED = Q(article__in=Release.objects.waiting().values("article"))
STATUS_FILTERS: dict[str, tuple[Any, Q]] = {
    "writing": (
        _("in progress"),
        NOT_TRASHED & Q(stage=Draft.Stage.WRITING),  # and never published
    ),
    "submitted": (_("waiting for review"), NOT_TRASHED & Q(stage=Draft.Stage.SUBMITTED)),
    "approved": (_("approved"), NOT_TRASHED & Q(stage=Draft.Stage.APPROVED)),
    "planned": (_("scheduled"), NOT_TRASHED & IS_SCHEDULED),
    "live": (_("live"), IS_LIVE),
    "changed": (
        _("live, with unpublished changes"),
        IS_LIVE & Q(changed_at__gt=F("article__live__frozen_at")),
    ),
    "embargoed": (_("under embargo"), NOT_TRASHED & IS_EMBARGOED),
    "ended": (_("expired"), NOT_TRASHED & HAS_EXPIRED),
    "withdrawn": (_("withdrawn"), NOT_TRASHED & Q(article__withdrawn_at__isnull=False)),
    "trash": (_("in the trash"), Q(trashed_at__isnull=False)),
}


class StatusFilter(SimpleListFilter):
    """Filter by status. Without a choice, all stories that are not in the trash."""

    title = pgettext_lazy("story", "status")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, label) for key, (label, _condition) in STATUS_FILTERS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _label, condition = STATUS_FILTERS.get(self.value() or "", ("", NOT_TRASHED))
        drafts: Any = queryset.filter(condition)
        if self.value() == "writing":
            return drafts.never_published()  # type: ignore[no-any-return]
        return drafts  # type: ignore[no-any-return]


class AssignmentFilter(SimpleListFilter):
    """Filter by assignment: to the user, to no one, or past the due time."""

    title = _("assignment")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("me", _("assigned to me")),
            ("nobody", _("assigned to nobody")),
            ("overdue", _("overdue")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        drafts: Any = queryset
        if self.value() == "me":
            return drafts.assigned_to(request.user.pk)  # type: ignore[no-any-return]
        if self.value() == "nobody":
            return queryset.filter(assigned_to__isnull=True)
        return drafts.overdue(timezone.now()) if self.value() == "overdue" else queryset


class OwnStoriesFilter(SimpleListFilter):
    """Filter of the stories that the user created or changed last."""

    title = _("owner")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("my stories"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "mine":
            return queryset
        return queryset.filter(Q(created_by=request.user.pk) | Q(changed_by=request.user.pk))
