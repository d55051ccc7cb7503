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

from desk.actions import see, see_all
from desk.models import Notice
from desk.permissions import kinds_closed_to
from desk.status import DONE, GONE, WARNS, Chip
from newsroom.admin.base import Button, ReadOnly, WithButtons, anything
from newsroom.text.dates import short

TONES = {
    Notice.What.FAILED: WARNS,
    Notice.What.LATE: DONE,
    Notice.What.MISSED: WARNS,
    Notice.What.FAILING: WARNS,
    Notice.What.OFF: WARNS,
}


def chip_of(notice: Notice) -> Chip:
    """What happened, in a few words; calm once it was put right."""
    words = notice.get_what_display()
    if notice.over_at:
        return Chip(_now("%(what)s, put right") % {"what": words}, GONE)
    return Chip(words, TONES[Notice.What(notice.what)])


@admin.register(Notice)
class NoticeAdmin(WithButtons, ReadOnly):
    """Everybody at the desk finds here what concerns them, and nobody else's."""

    list_display = ("happened", "thing", "reason", "told_at", "seen")
    list_display_links = None
    fields = ("happened", "thing", "reason", "told_at", "mailed", "seen")
    buttons = (
        Button(
            "seen",
            _("Seen"),
            act=see,
            done=_("Marked as seen."),
            may=anything,
            when=lambda notice: notice.seen_at is None and notice.over_at is None,
            in_list=True,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        see_them = self.admin_site.admin_view(self.see_them)
        return [path("seen/", see_them, name="desk_notice_see_all"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        own = Notice.objects.of(request.user.pk or 0)
        return own.not_about(kinds_closed_to(request.user))

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
            see_all(request.user, until=int(until))  # type: ignore[arg-type]  # staff by now
            messages.success(request, _now("Marked as seen."))
        return redirect("admin:index")

    @admin.display(description=_("what happened"))
    def happened(self, notice: Notice) -> str:
        chip = chip_of(notice)
        return format_html('<span class="chip {}">{}</span>', chip.tone, chip.words)

    @admin.display(description=_("of"))
    def thing(self, notice: Notice) -> str:
        return format_html('<a href="{}">{}</a>', notice.get_absolute_url(), notice.label)

    @admin.display(description=_("at"))
    def told_at(self, notice: Notice) -> str:
        return short(notice.at)

    @admin.display(description=_("seen"))
    def seen(self, notice: Notice) -> str:
        return short(notice.seen_at) if notice.seen_at else "–"

    @admin.display(description=_("mailed"))
    def mailed(self, notice: Notice) -> str:
        if notice.mailed_at:
            return short(notice.mailed_at)
        return notice.mail_error or "–"
