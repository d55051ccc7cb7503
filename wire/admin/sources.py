"""Admin of wire sources."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.admin.base import ActionBackedAdmin
from newsroom.text.dates import format_short_time
from wire.actions import save_source
from wire.admin.chips import chip
from wire.metrics import SourceFeed, source_feed, with_last_delivery
from wire.models import Source


def silence_sentence(feed: SourceFeed) -> str:
    if feed.last_delivery_at is None:
        return _now("Nothing has ever come from %(source)s.") % {"source": feed.name}
    sentence = _now(
        "%(source)s has sent nothing since %(time)s. Ask the agency, or look at the line."
    )
    return sentence % {"source": feed.name, "time": format_short_time(feed.last_delivery_at)}


@admin.register(Source)
class SourceAdmin(ActionBackedAdmin):
    list_display = ("name", "slug", "agency", "active", "last_delivery")
    fields = (
        "name",
        "slug",
        "agency",
        "format",
        "cancellation_policy",
        "active",
        "charset",
        "rights",
        "ai_use_prohibited",
        "idle_after",
        ("quiet_from", "quiet_until"),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        sources: QuerySet[Any] = with_last_delivery(super().get_queryset(request))
        return sources

    def save_through_action(self, obj: Source, *, form: Any, by: Any) -> Source:
        return save_source(obj, by=by)

    @admin.display(description=_("last delivery"))
    def last_delivery(self, source: Source) -> str:
        feed = source_feed(source, timezone.now())
        when = (
            format_short_time(feed.last_delivery_at) if feed.last_delivery_at else _now("none yet")
        )
        return format_html("{} {}", when, chip("warns", _now("silent"))) if feed.idle else when
