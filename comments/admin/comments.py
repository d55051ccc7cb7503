"""Moderation queue in the admin: held comments first, with buttons to show, hide and hold."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models import Appearance
from comments.actions import (
    dismiss_reports,
    hide_comment,
    hold_comment,
    pin_comment,
    show_comment,
    unpin_comment,
)
from comments.admin.comment_list import CommentListMixin
from comments.admin.filters import ReportedFilter
from comments.models import Comment, Report
from comments.models.comment import by_position
from comments.moderation_context import offered_reasons, state_tone
from comments.permissions import may_moderate_comments
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin, format_count
from newsroom.text.dates import format_short_time

State = Comment.State
MAX_REPORTS_SHOWN = 100  # of one comment
MAX_LISTED_CHARS = 240  # of a comment in the list


class ReasonForm(forms.Form):
    """The reason of a moderator's decision."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For moderators; readers do not see it.")
    )


def reason_choices() -> list[tuple[str, str]]:
    """The reasons that moderators choose from, by their codes."""
    return [(reason.code, reason.label) for reason in offered_reasons()]


class HideForm(forms.Form):
    """The reason of hiding, and whether the reports of the comment were right, where it has any."""

    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=reason_choices,
        help_text=_("The writer reads the message of the reason."),
    )
    reason = forms.CharField(label=_("Note for moderators"), max_length=200, required=False)
    reports = forms.ChoiceField(
        label=_("Were the reports right?"), choices=Report.Outcome.choices, widget=forms.RadioSelect
    )


def hide_without_form(comment: Comment, *, by: Any, version: int | None = None) -> Comment:
    """Hide a comment for the reason it was held for, else for a breach of the rules."""
    reason = comment.reason or gettext("house rules")
    return hide_comment(comment, by=by, reason=reason, version=version)


def report_label(report: Report) -> str:
    """The reason of a report, and whether it is settled."""
    reason = report.get_reason_display()
    return f"{reason} ({gettext('settled by a moderator')})" if report.settled_at else reason


def is_in(*states: str) -> Any:
    """A condition of a button: the comment is in one of these states."""
    return lambda comment: comment.state in states


def is_reported(comment: Any) -> bool:
    """A condition of a button: the comment has open reports."""
    return bool(comment.reports_open)


def is_pinnable(comment: Comment) -> bool:
    """A condition of a button: the comment can be pinned."""
    return comment.is_visible() and comment.parent_id is None and comment.pinned_at is None


def is_hidden_without_outcome(comment: Any) -> bool:
    """A condition of a button: hiding the comment asks nothing, since it is not reported."""
    return comment.state in {State.HELD, State.VISIBLE} and not is_reported(comment)


@admin.register(Comment)
class CommentAdmin(CommentListMixin, ButtonAdmin, ReadOnlyAdmin):
    """Admin of comments: read-only but for the buttons."""

    list_display = ("text_link", "chip", "open_reports", "author_link", "article_link", "written")
    list_display_links = None
    list_filter = ("state", ReportedFilter)
    list_per_page = 30
    fields = (
        "full_text",
        "chip",
        "held_reason",
        "report_list",
        "author_link",
        "article_link",
        "rules_link",
        "answered_text",
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
            is_available=is_hidden_without_outcome,
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
            form=HideForm,
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
        Button(
            "pin",
            _("Pin"),
            action=pin_comment,
            success_message=_("Pinned: readers see it before the other comments."),
            is_allowed=may_moderate_comments,
            is_available=is_pinnable,
        ),
        Button(
            "unpin",
            _("Unpin"),
            action=unpin_comment,
            success_message=_("Not pinned any more."),
            is_allowed=may_moderate_comments,
            is_available=lambda comment: comment.pinned_at is not None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Comment.objects.select_related("author", "article__live", "parent")
        unsettled = Report.objects.unsettled().filter(comment=OuterRef("pk")).order_by()
        count = unsettled.values("comment").annotate(n=Count("pk")).values("n")
        return rows.defer("article__live__body", "article__live__body_html").annotate(
            last_headline=Appearance.objects.last_headline(OuterRef("article")),
            reports_open=Coalesce(Subquery(count), 0),
            position=by_position(),
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the reports of an own comment."""
        is_own = obj is not None and obj.author_id == request.user.pk
        return [name for name in self.fields if not (is_own and name == "report_list")]

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> forms.Form | None:
        """The form of a button; hiding asks for the outcome of reports where there are any."""
        form = super().button_form(request, button, obj)
        if form is not None and "reports" in form.fields and not is_reported(obj):
            del form.fields["reports"]
        return form

    @admin.display(description=_("comment"))
    def text_link(self, comment: Comment) -> str:
        """The beginning of the text as a link to the comment's page, and the reason."""
        url = reverse("admin:comments_comment_change", args=[comment.pk])
        is_long = len(comment.text) > MAX_LISTED_CHARS
        text = f"{comment.text[:MAX_LISTED_CHARS]}…" if is_long else comment.text
        reason = format_html('<div class="quiet">{}</div>', comment.reason)
        return format_html(
            '<a class="comment-words" href="{}">{}</a>{}',
            url,
            text or "–",
            reason if comment.reason else "",
        )

    @admin.display(description=_("comment"))
    def full_text(self, comment: Comment) -> str:
        return format_html('<div class="comment-text">{}</div>', comment.text)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, comment: Comment) -> str:
        tone = state_tone(comment)
        return format_html('<span class="chip {}">{}</span>', tone, comment.get_state_display())

    @admin.display(description=_("reason"))
    def held_reason(self, comment: Comment) -> str:
        return comment.reason or "–"

    @admin.display(description=_("reports"))
    def open_reports(self, comment: Any) -> str:
        return format_count(comment.reports_open)

    @admin.display(description=_("reports"))
    def report_list(self, comment: Comment) -> str:
        """Reasons and notes of the reports, open ones first; never who has made them, nor to the writer."""
        open_first = comment.reports.order_by(F("settled_at").asc(nulls_first=True), "-pk")
        lines = [
            (format_short_time(report.reported_at), report_label(report), report.note)
            for report in open_first[:MAX_REPORTS_SHOWN]
        ]
        return format_html_join("", "<div>{} · {} {}</div>", lines) or "–"

    @admin.display(description=_("reader"))
    def author_link(self, comment: Comment) -> str:
        if comment.author is None:
            return gettext("an account that is closed")
        url = reverse("admin:accounts_user_change", args=[comment.author.pk])
        return format_html('<a href="{}">{}</a>', url, comment.author.nickname)

    @admin.display(description=_("article"))
    def article_link(self, comment: Any) -> str:
        """A link to the article, with the live headline, or the last one."""
        article = comment.article
        headline = article.live.headline if article.live else comment.last_headline
        link = '<a href="{}" target="_blank" rel="noopener">{}</a>'
        return format_html(link, article.get_absolute_url(), headline or article.slug)

    @admin.display(description=_("Rules of the comments"))
    def rules_link(self, comment: Comment) -> str:
        """A link to the form of the policy of the thread."""
        url = reverse("admin:articles_article_press", args=[comment.article_id, "comments"])
        return format_html('<a href="{}">{}</a>', url, gettext("Slow mode, hold all, close"))

    @admin.display(description=pgettext_lazy("comment", "posted"), ordering="pk")
    def written(self, comment: Comment) -> str:
        return format_short_time(comment.created_at)

    @admin.display(description=_("reply to"))
    def answered_text(self, comment: Comment) -> str:
        return comment.parent.text if comment.parent else "–"
