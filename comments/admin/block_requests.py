"""Admin of requests to block comments (임시조치): open ones first, then the blocks by their end."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comments.actions.blocking import block_comment, decline_block, end_block
from comments.models import BlockRequest
from comments.permissions import may_moderate_comments
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.text.dates import format_short_time

State = BlockRequest.State
TONES = {State.OPEN: "warns", State.BLOCKED: "gone", State.DECLINED: "calm", State.ENDED: "calm"}


class NoteForm(forms.Form):
    """A note to the requester."""

    note = forms.CharField(
        label=_("Note"), max_length=500, help_text=_("The requester is told this by e-mail.")
    )


class OptionalNoteForm(NoteForm):
    """A note to both sides that may be left out."""

    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("Both sides are told this by e-mail."),
    )


def restore_now(request: BlockRequest, *, by: Any, note: str) -> BlockRequest:
    """End a block before its term: show the comment again."""
    return end_block(request, by=by, outcome=BlockRequest.Outcome.RESTORED, note=note)


def remove_for_good(request: BlockRequest, *, by: Any, note: str) -> BlockRequest:
    """End a block by hiding the comment for good."""
    return end_block(request, by=by, outcome=BlockRequest.Outcome.REMOVED, note=note)


def is_in(*states: str) -> Any:
    """A condition of a button: the request is in one of these states."""
    return lambda request: request.state in states


@admin.register(BlockRequest)
class BlockRequestAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Admin of requests to block comments: read-only but for the buttons."""

    list_display = ("request_link", "chip", "basis", "beginning", "requested", "until")
    list_display_links = None
    list_filter = ("state", "basis")
    list_per_page = 30
    fields = (
        "comment_link",
        "chip",
        "comment_text",
        "basis",
        "full_statement",
        "requester_name",
        "requester_email",
        "requested_at",
        "decided_by",
        "decided_at",
        "blocked_until",
        "full_objection",
        "note",
        "ended_at",
        "outcome",
    )
    buttons = (
        Button(
            "block",
            _("Block for 30 days"),
            action=block_comment,
            success_message=_("Blocked: a notice stands in its place, and both sides are told."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.OPEN),
            form=OptionalNoteForm,
            tone="danger",
        ),
        Button(
            "decline",
            _("Decline"),
            action=decline_block,
            success_message=_("Declined: the requester is told."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.OPEN),
            form=NoteForm,
        ),
        Button(
            "restore",
            _("Show the comment again"),
            action=restore_now,
            success_message=_("The block is over: readers can read the comment."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.BLOCKED),
            form=OptionalNoteForm,
            tone="main",
        ),
        Button(
            "remove",
            _("Hide the comment for good"),
            action=remove_for_good,
            success_message=_("The block is over: the comment stays hidden."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.BLOCKED),
            form=OptionalNoteForm,
            tone="danger",
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate_comments(request.user)  # type: ignore[arg-type]  # staff by now

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        order = Case(
            When(state=State.OPEN, then=Value(0)),
            When(state=State.BLOCKED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        rows = BlockRequest.objects.select_related("comment__article", "decided_by")
        return rows.annotate(priority=order)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Open ones first, then the blocks, each the oldest first."""
        return ["priority", "pk"]

    @admin.display(description=_("request"))
    def request_link(self, row: BlockRequest) -> str:
        url = reverse("admin:comments_blockrequest_change", args=[row.pk])
        link = '<a class="comment-words" href="{}">{}</a><div class="quiet">{}</div>'
        return format_html(link, url, row, row.comment)

    @admin.display(description=_("comment"))
    def comment_link(self, row: BlockRequest) -> str:
        url = reverse("admin:comments_comment_change", args=[row.comment_id])
        return format_html('<a href="{}">{}</a>', url, row.comment)

    @admin.display(description=_("text"))
    def comment_text(self, row: BlockRequest) -> str:
        return format_html('<div class="comment-text">{}</div>', row.comment.text or "–")

    @admin.display(description=_("state"), ordering="state")
    def chip(self, row: BlockRequest) -> str:
        tone = TONES[State(row.state)]
        return format_html('<span class="chip {}">{}</span>', tone, row.get_state_display())

    @admin.display(description=_("statement"))
    def beginning(self, row: BlockRequest) -> str:
        return row.statement if len(row.statement) <= 120 else f"{row.statement[:120]}…"

    @admin.display(description=_("statement"))
    def full_statement(self, row: BlockRequest) -> str:
        return format_html('<div class="comment-text">{}</div>', row.statement or "–")

    @admin.display(description=_("objection of the author"))
    def full_objection(self, row: BlockRequest) -> str:
        return format_html('<div class="comment-text">{}</div>', row.objection or "–")

    @admin.display(description=_("requested"), ordering="pk")
    def requested(self, row: BlockRequest) -> str:
        return format_short_time(row.requested_at)

    @admin.display(description=_("blocked until"))
    def until(self, row: BlockRequest) -> str:
        return format_short_time(row.blocked_until) if row.blocked_until else "–"
