"""The wire in the admin: the inbox to read, deliveries to look into, sources to set up."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from newsroom.backoffice import Desk
from newsroom.errors import Refused
from wire.actions import parse_again, reinstate, set_up
from wire.errors import Unreadable
from wire.models import Delivery, Source, Story, StoryQuerySet
from wire.reading import declared_charset, read

SHOWN = 512  # bytes of an unreadable delivery


def signed_in(request: HttpRequest) -> User:
    """Who sits at the screen; the admin lets nobody else this far."""
    return cast("User", request.user)


class ReadOnly(Desk):
    """Nothing is typed here; what can be done is a button, and each button calls one action."""

    buttons: dict[str, Callable[..., Any]] = {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{verb}/",
                self.admin_site.admin_view(self.press),
                {"verb": verb},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{verb}",
            )
            for verb in self.buttons
        ]
        return own + super().get_urls()

    def press(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Carry out a button; only by POST, and a refusal is shown in its own words."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        thing = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, thing):
            return HttpResponse(status=403)
        try:
            outcome = self.buttons[verb](thing, by=signed_in(request))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, self.said(outcome), messages.SUCCESS)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", pk)

    def said(self, outcome: Any) -> str:
        return str(outcome)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        without_save = {
            "show_save": False,
            "show_save_and_continue": False,
            "show_close": True,
            "may_press": self.has_change_permission(request),
        }
        return super().change_view(
            request, object_id, form_url, (extra_context or {}) | without_save
        )


@admin.register(Source)
class SourceAdmin(Desk):
    list_display = ("name", "slug", "agency", "parser", "active")
    fields = (
        "name",
        "slug",
        "agency",
        "parser",
        "active",
        "charset",
        "rights",
        "ai_use_prohibited",
    )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        set_up(obj, by=signed_in(request))


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("received_at", "source", "name", "status", "reason", "size")
    list_filter = ("status", "source")
    search_fields = ("name", "sha256")
    list_select_related = ("source",)
    date_hierarchy = "received_at"
    actions = ("parse_chosen",)
    buttons = {"parse": parse_again}
    fields = (
        "source",
        "name",
        "received_at",
        "status",
        "reason",
        "story",
        "content_type",
        "encoding",
        "size",
        "sha256",
        "text",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Delivery.objects.light().select_related("source", "version")

    @admin.display(description=_("wire story"))
    def story(self, delivery: Delivery) -> str:
        if not delivery.version:
            return "-"
        address = reverse("admin:wire_story_change", args=[delivery.version.story_id])
        return format_html('<a href="{}">{}</a>', address, delivery.version)

    @admin.display(description=_("as delivered"))
    def text(self, delivery: Delivery) -> str:
        """The bytes as text, or in hexadecimal where they are none."""
        raw = bytes(delivery.raw)
        try:
            charset = declared_charset(delivery.content_type) or delivery.source.charset
            shown = read(raw, charset=charset).text
        except Unreadable:
            shown = raw[:SHOWN].hex(" ")
        return format_html("<pre>{}</pre>", shown)

    @admin.action(description=_("Parse the chosen deliveries again"), permissions=["change"])
    def parse_chosen(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        outcomes = [parse_again(delivery, by=signed_in(request)) for delivery in chosen]
        failed = [one for one in outcomes if one.status == Delivery.Status.FAILED]
        level = messages.WARNING if failed else messages.SUCCESS
        said = _("%(read)s deliveries parsed, %(failed)s failed.")
        counts = {"read": len(outcomes) - len(failed), "failed": len(failed)}
        self.message_user(request, said % counts, level)

    def said(self, outcome: Delivery) -> str:
        return f"{outcome.get_status_display()} {outcome.reason}".strip()


@admin.register(Story)
class StoryAdmin(ReadOnly):
    list_display = ("headline", "marks", "source", "status", "version", "news_at")
    list_filter = ("status", "source")
    search_fields = ("current__headline",)
    list_select_related = ("source", "current")
    date_hierarchy = "news_at"
    buttons = {"reinstate": reinstate}
    fields = ("source", "status", "news_at")
    change_form_template = "admin/wire/story/change_form.html"

    def get_queryset(self, request: HttpRequest) -> StoryQuerySet:
        return Story.objects.in_full().filter(current__isnull=False)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        if not object_id.isdecimal():
            return None
        return self.get_queryset(request).with_versions().filter(pk=object_id).first()

    @admin.display(description=_("headline"), ordering="current__headline")
    def headline(self, story: Story) -> str:
        return str(story)

    @admin.display(description=_("marks"))
    def marks(self, story: Story) -> str:
        return ", ".join(story.current.marks) if story.current else ""

    @admin.display(description=_("version number"))
    def version(self, story: Story) -> int:
        return story.current.number if story.current else 0

    def said(self, outcome: Story) -> str:
        return str(outcome.get_status_display())
