"""Admin of wire deliveries: the bytes as they came, and what came of them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.errors import Refused
from wire.actions import reparse_delivery
from wire.decoding import declared_charset, decode
from wire.errors import Unreadable
from wire.models import Delivery

MAX_HEX_BYTES = 512  # bytes of an unreadable delivery
MAX_SHOWN_CHARS = 200_000  # of a delivery's text
UNREAD = {Delivery.Status.FAILED, Delivery.Status.UNSUPPORTED}


def reparse(delivery: Delivery, *, by: User) -> None:
    """Parse a delivery again. Raises Refused with the reason where it fails."""
    outcome = reparse_delivery(delivery, by=by)
    if outcome.status in UNREAD:
        raise Refused(outcome.reason)


def may_parse(user: Any) -> bool:
    return bool(user.has_perm("wire.change_delivery"))


@admin.register(Delivery)
class DeliveryAdmin(ButtonAdmin, ReadOnlyAdmin):
    list_display = ("received_at", "source", "name", "status", "reason", "size")
    list_filter = ("status", "source")
    search_fields = ("name", "sha256")
    list_select_related = ("source",)
    date_hierarchy = "received_at"
    actions = ("parse_chosen",)
    buttons = (
        Button("parse", _("Parse again"), reparse, _("It was read."), may_parse),
    )  # fmt: skip
    fields = (
        *("source", "name", "received_at", "status", "reason", "story"),
        *("content_type", "format", "encoding", "size", "sha256", "text"),
    )
    readonly_fields = ("story", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Delivery.objects.without_raw().select_related("source", "version")

    def has_parse_permission(self, request: HttpRequest) -> bool:
        return may_parse(request.user)

    @admin.display(description=_("wire story"))
    def story(self, delivery: Delivery) -> str:
        if not delivery.version:
            return "-"
        address = reverse("admin:wire_story_change", args=[delivery.version.story_id])
        return format_html('<a href="{}">{}</a>', address, delivery.version)

    @admin.display(description=_("as delivered"))
    def text(self, delivery: Delivery) -> str:
        """The bytes as text, or in hexadecimal where they cannot be decoded."""
        raw = bytes(delivery.raw)
        try:
            charset = declared_charset(delivery.content_type) or delivery.source.charset
            shown = decode(raw, charset=charset).text
        except Unreadable:
            shown = raw[:MAX_HEX_BYTES].hex(" ")
        return format_html("<pre>{}</pre>", Truncator(shown).chars(MAX_SHOWN_CHARS))

    @admin.action(description=_("Parse the chosen deliveries again"), permissions=["parse"])
    def parse_chosen(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        by = cast("User", request.user)
        outcomes = [reparse_delivery(delivery, by=by) for delivery in chosen]
        failed = [delivery for delivery in outcomes if delivery.status in UNREAD]
        level = messages.WARNING if failed else messages.SUCCESS
        message = _("%(read)s deliveries parsed, %(failed)s failed.")
        counts = {"read": len(outcomes) - len(failed), "failed": len(failed)}
        self.message_user(request, message % counts, level)
