"""Admin of notices (notifications to staff): each user sees only their own."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.models import Notice
from desk.notifications import mark_all_notices_seen, mark_notice_seen
from desk.permissions import forbidden_notice_kinds
from desk.section_rights import visible_notices
from desk.status import TONE_GONE, TONE_LIVE, TONE_NEUTRAL, TONE_WAITING, TONE_WARNING, Chip
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin, always
from newsroom.text.dates import format_short_time

TONES = {
    Notice.What.FAILED: TONE_WARNING,
    Notice.What.PUBLISHED_LATE: TONE_LIVE,
    Notice.What.MISSED: TONE_WARNING,
    Notice.What.FAILING: TONE_WARNING,
    Notice.What.OFF: TONE_WARNING,
    Notice.What.CLAIM_RECEIVED: TONE_WAITING,
    Notice.What.CLAIM_SOON: TONE_WAITING,
    Notice.What.CLAIM_TODAY: TONE_WARNING,
    Notice.What.CLAIM_LATE: TONE_WARNING,
    Notice.What.ASSIGNED: TONE_NEUTRAL,
    Notice.What.TAKEN_OVER: TONE_WAITING,
    Notice.What.MENTIONED: TONE_NEUTRAL,
    Notice.What.WIRE_CANCELLED: TONE_WARNING,
    Notice.What.WIRE_CANCELLED_BY_HAND: TONE_WARNING,
    Notice.What.WIRE_WITHHELD: TONE_WARNING,
    Notice.What.WIRE_CORRECTED: TONE_WARNING,
    Notice.What.WIRE_EMBARGO: TONE_WAITING,
}


def notice_chip(notice: Notice) -> Chip:
    """What happened as a status chip; grey once it is resolved."""
    label = notice.get_what_display()
    if notice.over_at:
        return Chip(_now("%(what)s, resolved") % {"what": label}, TONE_GONE)
    return Chip(label, TONES[Notice.What(notice.what)])


@admin.register(Notice)
class NoticeAdmin(ButtonAdmin, ReadOnlyAdmin):
    """The user's own notices, open to all staff."""

    list_display = ("event", "subject_link", "reason", "happened_at", "seen_time")
    list_display_links = None
    fields = ("event", "subject_link", "reason", "happened_at", "mailed", "seen_time")
    buttons = (
        Button(
            "seen",
            _("Seen"),
            action=mark_notice_seen,
            success_message=_("Marked as seen."),
            is_allowed=always,
            is_available=lambda notice: notice.seen_at is None and notice.over_at is None,
            shown_in_list=True,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        mark_all_seen = self.admin_site.admin_view(self.mark_all_seen)
        return [path("seen/", mark_all_seen, name="desk_notice_see_all"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        own = Notice.objects.of(request.user.pk or 0)
        readable = own.excluding_kinds(forbidden_notice_kinds(request.user))
        return visible_notices(request.user, readable)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        is_own = obj is None or obj.person_id == request.user.pk
        return is_own and self.has_module_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def mark_all_seen(self, request: HttpRequest) -> HttpResponse:
        """Mark the notices up to `until` as seen, which is the newest one that the page showed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        newest_pk = request.POST.get("until", "")
        if newest_pk.isdecimal() and len(newest_pk) < 19:
            mark_all_notices_seen(request.user, until=int(newest_pk))  # type: ignore[arg-type]  # staff by now
            messages.success(request, _now("Marked as seen."))
        return redirect("admin:index")

    @admin.display(description=pgettext_lazy("notification", "event"))
    def event(self, notice: Notice) -> str:
        chip = notice_chip(notice)
        return format_html('<span class="chip {}">{}</span>', chip.tone, chip.words)

    @admin.display(description=_("of"))
    def subject_link(self, notice: Notice) -> str:
        return format_html('<a href="{}">{}</a>', notice.get_absolute_url(), notice.label)

    @admin.display(description=_("at"))
    def happened_at(self, notice: Notice) -> str:
        return format_short_time(notice.at)

    @admin.display(description=_("seen"))
    def seen_time(self, notice: Notice) -> str:
        return format_short_time(notice.seen_at) if notice.seen_at else "–"

    @admin.display(description=_("mailed"))
    def mailed(self, notice: Notice) -> str:
        if notice.mailed_at:
            return format_short_time(notice.mailed_at)
        return notice.mail_error or "–"
