"""What the list of stories can be narrowed to."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from desk.models import Draft
from desk.models.querysets import has_expired
from newsroom.db.database_clock import RightNow
from wire.models import under_embargo

ON_THE_DESK = Q(trashed_at__isnull=True)
ENDED = has_expired() & Q(article__withdrawn_at__isnull=True)
LIVE = ON_THE_DESK & Q(article__live__isnull=False) & ~ENDED
NOW: Any = RightNow()
EMBARGOED = Q(embargo_until__gt=NOW) | under_embargo(NOW, "wire_version__story__")
STANDINGS: dict[str, tuple[Any, Q]] = {
    "writing": (
        _("being written"),
        ON_THE_DESK & Q(stage=Draft.Stage.WRITING, article__first_published_at__isnull=True),
    ),
    "submitted": (_("waiting for review"), ON_THE_DESK & Q(stage=Draft.Stage.SUBMITTED)),
    "approved": (_("approved"), ON_THE_DESK & Q(stage=Draft.Stage.APPROVED)),
    "planned": (_("planned"), ON_THE_DESK & Q(waiting_due__isnull=False)),
    "live": (_("live"), LIVE),
    "changed": (_("live, changed since"), LIVE & Q(changed_at__gt=F("article__live__frozen_at"))),
    "embargoed": (_("under embargo"), ON_THE_DESK & EMBARGOED),
    "ended": (_("ended"), ON_THE_DESK & ENDED),
    "withdrawn": (_("withdrawn"), ON_THE_DESK & Q(article__withdrawn_at__isnull=False)),
    "trash": (_("in the trash"), ~ON_THE_DESK),
}


class StandingFilter(SimpleListFilter):
    """Where the story stands. Without a choice, everything but the trash."""

    title = _("where it stands")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, words) for key, (words, _wanted) in STANDINGS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        _words, wanted = STANDINGS.get(self.value() or "", ("", ON_THE_DESK))
        return queryset.filter(wanted)


class MineFilter(SimpleListFilter):
    """Whose story it is."""

    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "mine":
            return queryset
        return queryset.filter(Q(created_by=request.user.pk) | Q(changed_by=request.user.pk))
