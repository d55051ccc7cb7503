"""Comments in the admin: what waits for a decision first, with the buttons to decide beside it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.models import Appearance
from comments.actions import dismiss_reports, hide_comment, hold_comment, show_comment
from comments.admin.filters import ReportedFilter
from comments.models import Comment, Report
from comments.permissions import may_moderate_comments
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin, format_count
from newsroom.text.dates import format_short_time

State = Comment.State
STATE_TONES = {
    State.VISIBLE: "live",
    State.HELD: "warns",
    State.HIDDEN: "gone",
    State.DELETED: "calm",
}


MAX_REPORTS_SHOWN = 100  # shown of one comment


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For moderators; readers do not see it.")
    )


def hide_without_form(comment: Comment, *, by: Any, version: int | None = None) -> Comment:
    """Hide for the reason it was held, or for the house rules."""
    return hide_comment(
        comment, by=by, reason=comment.reason or _now("house rules"), version=version
    )


def report_label(report: Report) -> str:
    """The reason, and whether somebody has decided."""
    reason = report.get_reason_display()
    return f"{reason} ({_now('settled by a moderator')})" if report.settled_at else reason


def is_in(*states: str) -> Any:
    return lambda comment: comment.state in states


def is_reported(comment: Any) -> bool:
    return bool(comment.reports_open)


@admin.register(Comment)
class CommentAdmin(ButtonAdmin, ReadOnlyAdmin):
    list_display = ("words", "chip", "reports_waiting", "who", "under", "written")
    list_display_links = None
    list_filter = ("state", ReportedFilter)
    search_fields = ("text", "author__nickname")
    list_per_page = 30
    fields = (
        "full_text",
        "chip",
        "why",
        "reported_for",
        "who",
        "under",
        "answers",
        "created_at",
        "edited_at",
    )
    buttons = (
        Button(
            "show",
            _("Show"),
            action=show_comment,
            success_message=_("Readers can read it now."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.HELD, State.HIDDEN),
            tone="main",
            shown_in_list=True,
        ),
        Button(
            "leave",
            _("Leave it as it is"),
            action=dismiss_reports,
            success_message=_("Its reports are settled."),
            is_allowed=may_moderate_comments,
            is_available=is_reported,
            shown_in_list=True,
        ),
        Button(
            "hide",
            _("Hide"),
            action=hide_without_form,
            success_message=_("Hidden from readers."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.HELD, State.VISIBLE),
            tone="danger",
            shown_in_list=True,
        ),
        Button(
            "hide-for",
            _("Hide with a reason"),
            action=hide_comment,
            success_message=_("Hidden from readers."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.HELD, State.VISIBLE),
            form=ReasonForm,
        ),
        Button(
            "hold",
            _("Hold back"),
            action=hold_comment,
            success_message=_("Held back until somebody decides."),
            is_allowed=may_moderate_comments,
            is_available=is_in(State.VISIBLE, State.HIDDEN),
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Comment.objects.select_related("author", "article__live", "parent")
        waiting = Report.objects.unsettled().filter(comment=OuterRef("pk")).order_by()
        number = waiting.values("comment").annotate(n=Count("pk")).values("n")
        return rows.defer("article__live__body", "article__live__body_html").annotate(
            last_headline=Appearance.objects.last_headline(OuterRef("article")),
            reports_open=Coalesce(Subquery(number), 0),
            turn=Case(
                When(state=State.HELD, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
        )

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What waits for a decision first."""
        return ["turn", "-created_at", "-pk"]

    @admin.display(description=_("comment"))
    def words(self, comment: Comment) -> str:
        address = reverse("admin:comments_comment_change", args=[comment.pk])
        text = comment.text if len(comment.text) <= 240 else f"{comment.text[:240]}…"
        reason = format_html('<div class="quiet">{}</div>', comment.reason)
        return format_html(
            '<a class="comment-words" href="{}">{}</a>{}',
            address,
            text or "–",
            reason if comment.reason else "",
        )

    @admin.display(description=_("comment"))
    def full_text(self, comment: Comment) -> str:
        return format_html('<div class="comment-text">{}</div>', comment.text)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, comment: Comment) -> str:
        tone = STATE_TONES[State(comment.state)]
        return format_html('<span class="chip {}">{}</span>', tone, comment.get_state_display())

    @admin.display(description=_("why"))
    def why(self, comment: Comment) -> str:
        return comment.reason or "–"

    @admin.display(description=_("reports"))
    def reports_waiting(self, comment: Any) -> str:
        return format_count(comment.reports_open)

    @admin.display(description=_("reports"))
    def reported_for(self, comment: Comment) -> str:
        """Reasons and notes, what waits first; never whose they are."""
        told = comment.reports.order_by(F("settled_at").asc(nulls_first=True), "-pk")[
            :MAX_REPORTS_SHOWN
        ]
        lines = [(format_short_time(one.reported_at), report_label(one), one.note) for one in told]
        return format_html_join("", "<div>{} · {} {}</div>", lines) or "–"

    @admin.display(description=_("reader"))
    def who(self, comment: Comment) -> str:
        if comment.author is None:
            return _now("an account that is closed")
        address = reverse("admin:accounts_user_change", args=[comment.author.pk])
        return format_html('<a href="{}">{}</a>', address, comment.author.nickname)

    @admin.display(description=_("under"))
    def under(self, comment: Any) -> str:
        """The story by the headline that readers have, or had last."""
        article = comment.article
        words = article.live.headline if article.live else comment.last_headline or article.slug
        address = article.get_absolute_url()
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, words)

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, comment: Comment) -> str:
        return format_short_time(comment.created_at)

    @admin.display(description=_("reply to"))
    def answers(self, comment: Comment) -> str:
        return comment.parent.text if comment.parent else "–"
