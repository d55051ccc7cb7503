"""Admin of channels: the ways in of a source, where fetching stands, a button to fetch now."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.admin.base import ActionBackedAdmin, Button, ButtonAdmin
from newsroom.text.dates import format_short_time
from wire.actions.channels import fetch_now, save_channel, switch_off, switch_on
from wire.actions.channels.fetching import may_fetch, result_sentence
from wire.actions.channels.setup import may_set_up_channels
from wire.models import Channel


def is_on(channel: Channel) -> bool:
    return channel.enabled


def is_off(channel: Channel) -> bool:
    return not channel.enabled


def stalled_sentence(channel: Channel) -> str:
    """What the inbox says of a way in that should have been fetched meanwhile."""
    if channel.failures and channel.last_error:
        sentence = _now("%(source)s: %(channel)s cannot be fetched. %(why)s")
        return sentence % {
            "source": channel.source.name,
            "channel": channel,
            "why": channel.last_error,
        }
    sentence = _now("%(source)s: %(channel)s is not fetched. Is a worker running?")
    return sentence % {"source": channel.source.name, "channel": channel}


def state_chip(channel: Channel) -> tuple[str, str]:
    """The state as a chip: (tone, label)."""
    if not channel.is_fetchable():
        return "", _now("switched off")
    if channel.failures:
        return "warns", _now("failed %(times)s times") % {"times": channel.failures}
    if channel.is_stalled(timezone.now()):
        return "warns", _now("not fetched")
    if channel.last_success_at is None:
        return "waits", _now("not fetched yet")
    return "live", _now("works")


@admin.register(Channel)
class ChannelAdmin(ButtonAdmin, ActionBackedAdmin):
    """Ways in. Who may see and set up sources may do so with these."""

    list_display = ("address", "source", "kind", "state", "last_success", "last_error_short")
    list_filter = ("kind", "source", "enabled")
    list_select_related = ("source",)
    search_fields = ("address", "username")
    buttons = (
        Button("fetch", _("Fetch now"), fetch_now, result_sentence, may_fetch,
               is_available=is_on, tone="main", shown_in_list=True),
        Button("on", _("Switch on"), switch_on, _("It is fetched from now on."),
               may_set_up_channels, is_available=is_off),
        Button("off", _("Switch off"), switch_off, _("It is fetched no more."),
               may_set_up_channels, is_available=is_on),
    )  # fmt: skip
    configuration = (
        *("source", "kind", "address", "username", "password_variable"),
        *("interval", "settle_seconds", "enabled"),
    )
    outcome = ("state", "last_success", "next_run", "last_error_at", "last_error", "progress")
    readonly_fields = outcome

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        set_up = (None, {"fields": self.configuration})
        return [(_("Where it stands"), {"fields": self.outcome}), set_up] if obj else [set_up]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("wire.view_source"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("wire.change_source"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("wire.change_source"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_through_action(self, obj: Channel, *, form: Any, by: Any) -> Channel:
        return save_channel(obj, by=by)

    @admin.display(description=_("state"))
    def state(self, channel: Channel) -> str:
        return format_html('<span class="chip {}">{}</span>', *state_chip(channel))

    @admin.display(description=_("last success"), ordering="last_success_at")
    def last_success(self, channel: Channel) -> str:
        at = channel.last_success_at
        return format_short_time(at) if at else _now("none yet")

    @admin.display(description=_("next run"))
    def next_run(self, channel: Channel) -> str:
        return format_short_time(channel.due_at) if channel.is_fetchable() else "-"

    @admin.display(description=_("what went wrong"))
    def last_error_short(self, channel: Channel) -> str:
        return channel.last_error if channel.failures else ""

    @admin.display(description=_("progress"))
    def progress(self, channel: Channel) -> str:
        """Where the other side is read up to, in words."""
        if channel.kind == Channel.Kind.IMAP:
            return _now("read up to message %(uid)s") % {"uid": channel.last_uid}
        if channel.kind == Channel.Kind.FOLDER:
            waiting = len(channel.observed)
            return _now("%(files)s files lay there at the last run") % {"files": waiting}
        return channel.etag or channel.last_modified or "-"
