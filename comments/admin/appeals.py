"""Admin of appeals: open ones first, the oldest first; a colleague of the one who decided answers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comments.actions.appeals import MAX_ANSWER_CHARS, grant_appeal, reject_appeal
from comments.models import Appeal
from comments.permissions import may_moderate_comments
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.text.dates import format_short_time

TONES = {
    Appeal.State.OPEN: "warns",
    Appeal.State.GRANTED: "live",
    Appeal.State.REJECTED: "gone",
    Appeal.State.MOOT: "calm",
}


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=MAX_ANSWER_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The reader is told this."),
    )


def is_open(appeal: Appeal) -> bool:
    """A condition of a button: the appeal waits for a decision."""
    return appeal.state == Appeal.State.OPEN


@admin.register(Appeal)
class AppealAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Admin of appeals: read-only but for the buttons."""

    list_display = ("subject_link", "chip", "beginning", "filed", "decider", "answered_by")
    list_display_links = None
    list_filter = ("state",)
    list_per_page = 30
    fields = (
        "subject_link",
        "chip",
        "full_text",
        "appealed_text",
        "decider",
        "filed_at",
        "answer",
        "answered_by",
        "answered_at",
    )
    buttons = (
        Button(
            "grant",
            _("Grant: reverse the decision"),
            action=grant_appeal,
            success_message=_("Granted: the decision is reversed."),
            is_allowed=may_moderate_comments,
            is_available=is_open,
            form=AnswerForm,
            tone="main",
        ),
        Button(
            "reject",
            _("Reject"),
            action=reject_appeal,
            success_message=_("Rejected: the decision stands."),
            is_allowed=may_moderate_comments,
            is_available=is_open,
            form=AnswerForm,
            tone="danger",
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate_comments(request.user)  # type: ignore[arg-type]  # staff by now

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        is_waiting = When(state=Appeal.State.OPEN, then=Value(0))
        return Appeal.objects.select_related(
            "reader", "comment", "sanction", "decided_by", "answered_by"
        ).annotate(priority=Case(is_waiting, default=Value(1), output_field=IntegerField()))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Open ones first, the oldest first."""
        return ["priority", "pk"]

    @admin.display(description=_("against"))
    def subject_link(self, appeal: Appeal) -> str:
        """A link to the appeal, named by what it is against."""
        url = reverse("admin:comments_appeal_change", args=[appeal.pk])
        subject = appeal.comment or appeal.sanction
        link = '<a class="comment-words" href="{}">{}</a><div class="quiet">{}</div>'
        return format_html(link, url, subject, appeal.reader.nickname)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, appeal: Appeal) -> str:
        tone = TONES[Appeal.State(appeal.state)]
        return format_html('<span class="chip {}">{}</span>', tone, appeal.get_state_display())

    @admin.display(description=_("appeal"))
    def beginning(self, appeal: Appeal) -> str:
        return appeal.text if len(appeal.text) <= 120 else f"{appeal.text[:120]}…"

    @admin.display(description=_("appeal"))
    def full_text(self, appeal: Appeal) -> str:
        return format_html('<div class="comment-text">{}</div>', appeal.text)

    @admin.display(description=_("what it is against"))
    def appealed_text(self, appeal: Appeal) -> str:
        """The hidden comment with its reason, or the reason of the sanction."""
        if appeal.comment:
            lines = (appeal.comment.text or "–", appeal.comment.reason or "–")
        elif appeal.sanction:
            lines = (appeal.sanction.get_reason_code_display(), appeal.sanction.reason or "–")
        else:
            return "–"
        return format_html('<div class="comment-text">{}</div><div class="quiet">{}</div>', *lines)

    @admin.display(description=_("decided by"))
    def decider(self, appeal: Appeal) -> str:
        return str(appeal.decided_by or "–")

    @admin.display(description=_("filed"), ordering="pk")
    def filed(self, appeal: Appeal) -> str:
        return format_short_time(appeal.filed_at)
