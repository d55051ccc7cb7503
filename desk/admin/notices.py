"""One's own notices in the admin: what happened that one has to know."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from desk.models import Notice
from desk.notifications import mark_all_notices_seen, mark_notice_seen
from desk.permissions import forbidden_notice_kinds
from desk.status import TONE_GONE, TONE_LIVE, TONE_WARNING, Chip
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin, always
from newsroom.text.dates import format_short_time

TONES = {
    Notice.What.FAILED: TONE_WARNING,
    Notice.What.LATE: TONE_LIVE,
    Notice.What.MISSED: TONE_WARNING,
    Notice.What.FAILING: TONE_WARNING,
    Notice.What.OFF: TONE_WARNING,
}


def notice_chip(notice: Notice) -> Chip:
    """What happened, in a few words; calm once it was put right."""
    words = notice.get_what_display()
    if notice.over_at:
        return Chip(_now("%(what)s, put right") % {"what": words}, TONE_GONE)
    return Chip(words, TONES[Notice.What(notice.what)])


@admin.register(Notice)
class NoticeAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Everybody at the desk finds here what concerns them, and nobody else's."""

    list_display = ("happened", "thing", "reason", "told_at", "seen")
    list_display_links = None
    fields = ("happened", "thing", "reason", "told_at", "mailed", "seen")
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
        see_them = self.admin_site.admin_view(self.see_them)
        return [path("seen/", see_them, name="desk_notice_see_all"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        own = Notice.objects.of(request.user.pk or 0)
        return own.excluding_kinds(forbidden_notice_kinds(request.user))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        mine = obj is None or obj.person_id == request.user.pk
        return mine and self.has_module_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def see_them(self, request: HttpRequest) -> HttpResponse:
        """All that the page has shown are seen."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        until = request.POST.get("until", "")
        if until.isdecimal() and len(until) < 19:
            mark_all_notices_seen(request.user, until=int(until))  # type: ignore[arg-type]  # staff by now
            messages.success(request, _now("Marked as seen."))
        return redirect("admin:index")

    @admin.display(description=_("what happened"))
    def happened(self, notice: Notice) -> str:
        chip = notice_chip(notice)
        return format_html('<span class="chip {}">{}</span>', chip.tone, chip.words)

    @admin.display(description=_("of"))
    def thing(self, notice: Notice) -> str:
        return format_html('<a href="{}">{}</a>', notice.get_absolute_url(), notice.label)

    @admin.display(description=_("at"))
    def told_at(self, notice: Notice) -> str:
        return format_short_time(notice.at)

    @admin.display(description=_("seen"))
    def seen(self, notice: Notice) -> str:
        return format_short_time(notice.seen_at) if notice.seen_at else "–"

    @admin.display(description=_("mailed"))
    def mailed(self, notice: Notice) -> str:
        if notice.mailed_at:
            return format_short_time(notice.mailed_at)
        return notice.mail_error or "–"
