"""Admin of the outbox: events, subscribers, deliveries and their attempts, with buttons for the actions."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Model, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.admin.base import ActionBackedAdmin, Button, ButtonAdmin, ReadOnlyAdmin, format_count
from newsroom.text.dates import format_short_time
from outbox.actions import (
    add_subscriber,
    disable_subscriber,
    dismiss_delivery,
    enable_subscriber,
    replay_delivery,
    replay_events_since,
    rotate_secret,
    send_test_event,
    update_subscriber,
)
from outbox.forms import DisableReasonForm, ReplaySinceForm, SubscriberForm
from outbox.models import Attempt, Delivery, Event, Subscriber

ROTATE_BUTTON = "rotate"
MAX_ATTEMPTS_SHOWN = 30
ATTEMPT_COLUMNS = (_("at"), _("status"), _("took"), _("answer"))
CHIP_TONES = {
    Delivery.State.WAITING: "warns",
    Delivery.State.DONE: "live",
    Delivery.State.DEAD: "gone",
}


def may_change(user: Any) -> bool:
    """Whether a user may change subscribers and send deliveries again."""
    return bool(user.has_perm("outbox.change_subscriber"))


def is_webhook(subscriber: Subscriber) -> bool:
    """Whether a subscriber has a signing secret."""
    return subscriber.kind == Subscriber.Kind.WEBHOOK


def is_disabled(subscriber: Subscriber) -> bool:
    """Whether a subscriber can be enabled."""
    return not subscriber.is_active()


def is_given_up(delivery: Delivery) -> bool:
    """Whether a delivery was given up and no person has dismissed it."""
    return delivery.state == Delivery.State.DEAD and delivery.dismissed_at is None


def status_chip(tone: str, label: Any) -> str:
    """A label with a colour, as HTML."""
    return format_html('<span class="chip {}">{}</span>', tone, label)


def format_time(at: datetime | None) -> str:
    """A short local time, a dash for none."""
    return format_short_time(at) if at else "–"


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Events, read-only."""

    list_display = ("at", "name", "key")
    list_display_links = ("name",)
    search_fields = ("=name", "key")
    ordering = ("-pk",)
    fields = ("uid", "at", "name", "key", "data", "fanned_out_at")


@admin.register(Subscriber)
class SubscriberAdmin(ButtonAdmin, ActionBackedAdmin):
    """Subscribers. A signing secret is shown once, when it is made."""

    form = SubscriberForm
    list_display = ("name", "kind", "status", "waiting", "given_up")
    list_filter = ("kind",)
    search_fields = ("name", "url")
    fields = ("name", "kind", "url", "events", "options", "key")
    status_fields = ("status", "disabled_reason", "paused_until", "changed_by", "changed_at")
    buttons = (
        Button("ping", _("Send a test"), send_test_event, _("The test is on its way."), may_change,
               is_available=Subscriber.is_active),
        Button(ROTATE_BUTTON, _("Make a new secret"), rotate_secret, "", may_change,
               is_available=is_webhook),
        Button("replay", _("Send again since…"), replay_events_since, _("It goes out again."), may_change,
               is_available=Subscriber.is_active, form=ReplaySinceForm),
        Button("off", _("Switch off"), disable_subscriber, _("Switched off. What happens is kept for it."),
               may_change, is_available=Subscriber.is_active, form=DisableReasonForm, tone="danger"),
        Button("on", _("Switch on"), enable_subscriber, _("Switched on. It gets what it missed."),
               may_change, is_available=is_disabled, tone="main"),
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.new_secret)
        return [
            path("<int:pk>/new-secret/", view, name="outbox_subscriber_new_secret"),
            *super().get_urls(),
        ]

    def button_url(self, button: Button, thing: Any) -> str:
        if button.verb == ROTATE_BUTTON:
            return reverse("admin:outbox_subscriber_new_secret", args=[thing.pk])
        return super().button_url(button, thing)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, *self.status_fields) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", *self.status_fields) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        is_waiting = Q(deliveries__state=Delivery.State.WAITING)
        is_given_up = Q(
            deliveries__state=Delivery.State.DEAD, deliveries__dismissed_at__isnull=True
        )
        return Subscriber.objects.annotate(
            waiting_count=Count("deliveries", filter=is_waiting),
            given_up_count=Count("deliveries", filter=is_given_up),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Always false: a subscriber is disabled instead, and its deliveries stay as a log."""
        return False

    def save_through_action(self, obj: Subscriber, *, form: Any, by: Any) -> Subscriber:
        save = update_subscriber if obj.pk else add_subscriber
        return save(obj, by=by, key=form.cleaned_data["key"])

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if not is_webhook(obj):
            return super().response_add(request, obj, post_url_continue)
        return self.show_secret(request, obj, str(obj.secrets[0]["secret"]), is_new=True)

    def new_secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """View of the button for a new secret: only this response shows it."""
        subscriber = self.get_object(request, str(pk))
        if subscriber is None or not is_webhook(subscriber):
            raise Http404
        if not may_change(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        secret = rotate_secret(subscriber, by=cast("Model", request.user))
        return self.show_secret(request, subscriber, secret, is_new=False)

    def show_secret(
        self, request: HttpRequest, obj: Subscriber, secret: str, *, is_new: bool
    ) -> TemplateResponse:
        """The page that shows a signing secret once."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The secret of this webhook"),
            "opts": self.opts,
            "subscriber": obj,
            "secret": secret,
            "is_new": is_new,
        }
        return TemplateResponse(request, "outbox/secret.html", context)

    @admin.display(description=_("state"))
    def status(self, subscriber: Subscriber) -> str:
        if subscriber.disabled_at:
            return status_chip(
                "gone", _now("off since %(at)s") % {"at": format_short_time(subscriber.disabled_at)}
            )
        if subscriber.failing_since:
            at = format_short_time(subscriber.failing_since)
            return status_chip("warns", _now("failing since %(at)s") % {"at": at})
        if subscriber.failures:
            return status_chip("warns", _now("does not answer"))
        return status_chip("live", _now("on"))

    @admin.display(description=_("still to deliver"))
    def waiting(self, subscriber: Any) -> str:
        return format_count(subscriber.waiting_count)

    @admin.display(description=_("given up"))
    def given_up(self, subscriber: Any) -> str:
        return format_count(subscriber.given_up_count)


@admin.register(Delivery)
class DeliveryAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Deliveries with all their attempts; a button sends one again."""

    list_display = ("what", "subscriber", "chip", "attempt_count", "next", "settled")
    list_display_links = ("what",)
    list_filter = ("state", "subscriber")
    search_fields = ("key",)
    fields = ("what", "subscriber", "chip", "happened", "attempt_count", "next", "settled", "log")
    buttons = (
        Button("replay", _("Send now"), replay_delivery, _("It goes out again."), may_change, tone="main"),
        Button("aside", _("Put aside"), dismiss_delivery, _("Put aside. It is deleted in some weeks."),
               may_change, is_available=is_given_up),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = Attempt.objects.order_by("-pk")
        rows = Delivery.objects.select_related("event", "subscriber").order_by(
            F("event").desc(), "subscriber"
        )
        is_page = bool(request.resolver_match and "object_id" in request.resolver_match.kwargs)
        return rows.prefetch_related(Prefetch("attempts", newest)) if is_page else rows

    @admin.display(description=_("event"), ordering="event")
    def what(self, delivery: Delivery) -> str:
        return str(delivery.event)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, delivery: Delivery) -> str:
        if delivery.is_repeat and delivery.state == Delivery.State.WAITING:
            return status_chip("live", _("goes out once more"))
        return status_chip(CHIP_TONES[Delivery.State(delivery.state)], delivery.get_state_display())

    @admin.display(description=_("happened"))
    def happened(self, delivery: Delivery) -> str:
        return format_time(delivery.event.at)

    @admin.display(description=_("next attempt"), ordering="next_attempt_at")
    def next(self, delivery: Delivery) -> str:
        return format_time(None if delivery.settled_at else delivery.next_attempt_at)

    @admin.display(description=_("settled"), ordering="settled_at")
    def settled(self, delivery: Delivery) -> str:
        return format_time(delivery.settled_at)

    @admin.display(description=_("attempts"))
    def log(self, delivery: Delivery) -> str:
        """The attempts as an HTML table: time, status, duration, beginning of the response or error."""
        rows = [
            (
                date_format(localtime(attempt.at), "DATETIME_FORMAT"),
                attempt.status or "–",
                attempt.duration_ms,
                attempt.error or attempt.excerpt,
            )
            for attempt in list(delivery.attempts.all())[:MAX_ATTEMPTS_SHOWN]
        ]
        if not rows:
            return _now("none")
        lines = format_html_join(
            "", "<tr><td>{}</td><td>{}</td><td>{} ms</td><td>{}</td></tr>", rows
        )
        heads = format_html_join(
            "", '<th scope="col">{}</th>', [(head,) for head in ATTEMPT_COLUMNS]
        )
        return format_html(
            "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heads, lines
        )
