"""Admin of changes of nicknames: a list for moderators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import NicknameChange
from accounts.permissions import may_sanction
from newsroom.admin.base import ReadOnlyAdmin


@admin.register(NicknameChange)
class NicknameChangeAdmin(ReadOnlyAdmin):
    """Changes of nicknames, the newest first; what can be done is done on the page of the person."""

    list_display = ("changed_at", "former_name", "nickname", "person", "by_whom")
    list_display_links = None
    list_filter = ("by_staff",)
    list_select_related = ("user",)
    search_fields = ("former", "nickname")
    ordering = ("-changed_at", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_sanction(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_sanction(request.user)

    @admin.display(description=_("former nickname"), ordering="former")
    def former_name(self, change: NicknameChange) -> str:
        return change.former or "–"

    @admin.display(description=_("by whom"), ordering="by_staff")
    def by_whom(self, change: NicknameChange) -> str:
        if not change.by_staff:
            return gettext("reader")
        return format_html('<span class="chip calm">{}</span>', _("comment moderator"))

    @admin.display(description=_("person"))
    def person(self, change: NicknameChange) -> str:
        url = reverse("admin:accounts_user_change", args=[change.user_id])
        return format_html('<a href="{}">{}</a>', url, change.user.nickname)
