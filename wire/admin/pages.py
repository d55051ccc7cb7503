"""Admin of the wire: the inbox, deliveries, sources."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from newsroom.admin.base import ActionBackedAdmin, Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.errors import Refused
from newsroom.text.dates import format_short_time
from wire.actions import lift_embargo, reinstate, reparse_delivery, save_source, set_embargo
from wire.admin.channels import stalled_sentence
from wire.admin.pictures import story_pictures
from wire.decoding import declared_charset, decode
from wire.errors import Unreadable
from wire.forms import EmbargoForm, ReasonForm
from wire.labels import warning_sentences
from wire.metrics import SourceFeed, source_feed, source_feeds, stalled_channels, with_last_delivery
from wire.models import Delivery, Embargo, Source, Story, StoryQuerySet
from wire.versions import Doubt, find_doubts, may_decide

MAX_HEX_BYTES = 512  # bytes of an unreadable delivery
EMBARGO_MENTIONED = "embargo_mentioned"
TONES = {
    Story.Status.USABLE: "live",
    Story.Status.WITHHELD: "warns",
    Story.Status.CANCELLED: "gone",
}


def chips(story: Story) -> list[tuple[str, str]]:
    """The story's status as chips: (tone, label) each."""
    shown = [(TONES[Story.Status(story.status)], story.get_status_display())]
    if label := embargo_label(story):
        tone = "waits" if story.embargoed_at(timezone.now()) else ""
        shown.append(("warns" if story.embargo == Embargo.OPEN else tone, label))
    if story.current and EMBARGO_MENTIONED in story.current.warnings:
        shown.append(("waits", _now("mentions an embargo")))
    return shown


def embargo_label(story: Story) -> str:
    """The embargo as a chip's label; empty where there never was one."""
    if story.embargo_until is None:
        return "" if story.embargo == Embargo.NONE else story.get_embargo_display()
    is_active = story.embargoed_at(timezone.now())
    label = _now("embargo until %(time)s") if is_active else _now("embargo over since %(time)s")
    return label % {"time": format_short_time(story.embargo_until)}


def chip(tone: str, label: str) -> str:
    return format_html('<span class="chip {}">{}</span>', tone, label)


def is_under_embargo(story: Story) -> bool:
    return story.embargoed_at(timezone.now())


def open_doubts(story: Story) -> list[Doubt]:
    """The decisions that a withheld story needs; it came with its versions."""
    if story.status != Story.Status.WITHHELD:
        return []
    return find_doubts(story, list(story.versions.all()))


def was_sent_again(story: Story) -> bool:
    return Doubt.SENT_AGAIN in open_doubts(story)


def is_doubtful(story: Story) -> bool:
    return Doubt.NO_SIGN in open_doubts(story) and not was_sent_again(story)


def reparse(delivery: Delivery, *, by: User) -> None:
    """Parse a delivery again. Raises Refused with the reason where it fails."""
    outcome = reparse_delivery(delivery, by=by)
    if outcome.status == Delivery.Status.FAILED:
        raise Refused(outcome.reason)


def may_parse(user: Any) -> bool:
    return bool(user.has_perm("wire.change_delivery"))


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
        *("content_type", "encoding", "size", "sha256", "text"),
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
        return format_html("<pre>{}</pre>", shown)

    @admin.action(description=_("Parse the chosen deliveries again"), permissions=["parse"])
    def parse_chosen(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        by = cast("User", request.user)
        outcomes = [reparse_delivery(delivery, by=by) for delivery in chosen]
        failed = [delivery for delivery in outcomes if delivery.status == Delivery.Status.FAILED]
        level = messages.WARNING if failed else messages.SUCCESS
        message = _("%(read)s deliveries parsed, %(failed)s failed.")
        counts = {"read": len(outcomes) - len(failed), "failed": len(failed)}
        self.message_user(request, message % counts, level)


@admin.register(Story)
class StoryAdmin(ButtonAdmin, ReadOnlyAdmin):
    list_display = ("headline", "state", "marks", "source", "version", "news_at")
    list_filter = ("status", "embargo", "source")
    search_fields = ("current__headline",)
    list_select_related = ("source", "current")
    date_hierarchy = "news_at"
    buttons = (
        Button("reinstate", _("Use it again"), reinstate, _("The story may be used."), may_decide,
               is_available=was_sent_again, tone="main"),
        Button("use", _("Use it"), reinstate, _("The story may be used."), may_decide,
               is_available=is_doubtful, tone="main"),
        Button("embargo", _("Set the embargo…"), set_embargo, _("The embargo is set."), may_decide,
               form=EmbargoForm, help_text=_("Nothing written from this story is published before "
               "this moment. A later version of the agency may change it.")),
        Button("lift", _("Lift the embargo…"), lift_embargo, _("The embargo is lifted."), may_decide,
               is_available=is_under_embargo, form=ReasonForm, tone="danger",
               help_text=_("What is written from this story may appear at once.")),
    )  # fmt: skip
    fields = ("source", "state", "embargo_words", "news_at")
    readonly_fields = ("state", "embargo_words")
    change_form_template = "admin/wire/story/change_form.html"

    def get_queryset(self, request: HttpRequest) -> StoryQuerySet:
        return Story.objects.with_current_version().filter(current__isnull=False)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        if not object_id.isdecimal():
            return None
        return self.get_queryset(request).with_versions().filter(pk=object_id).first()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        has_no_embargo_text = obj is None or not obj.embargo_text
        return [
            name for name in self.fields if not (has_no_embargo_text and name == "embargo_words")
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The inbox, with a warning for every source that is silent for too long."""
        for feed in source_feeds(timezone.now()):
            if feed.idle:
                messages.warning(request, silence_sentence(feed))
        for channel in stalled_channels(timezone.now()):
            messages.warning(request, stalled_sentence(channel))
        return super().changelist_view(request, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        story = kwargs.get("obj")
        if story:
            context["doubts"] = open_doubts(story)
            context["warnings"] = warning_sentences(story.current.warnings)
            context["pictures"] = story_pictures(story)
            context["versions"] = [(v, warning_sentences(v.warnings)) for v in story.versions.all()]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("headline"), ordering="current__headline")
    def headline(self, story: Story) -> str:
        return str(story)

    @admin.display(description=_("state"), ordering="status")
    def state(self, story: Story) -> str:
        return format_html_join(" ", '<span class="chip {}">{}</span>', chips(story))

    @admin.display(description=_("words of the embargo"))
    def embargo_words(self, story: Story) -> str:
        return story.embargo_text

    @admin.display(description=_("marks"))
    def marks(self, story: Story) -> str:
        return ", ".join(story.current.marks) if story.current else ""

    @admin.display(description=_("version number"))
    def version(self, story: Story) -> int:
        return story.current.number if story.current else 0
