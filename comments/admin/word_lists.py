"""Admin of the word list: versions, a page that changes the list, dry runs with their samples."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from comments.actions.word_list_trials import apply_trial, start_trial
from comments.actions.word_lists import (
    changed_entries,
    compare_entries,
    restore_word_list,
    save_word_list,
)
from comments.admin.word_list_rows import entry_rows, is_used_as, values_of_trial
from comments.content_filter import MatchMode
from comments.forms import WordListForm
from comments.models import Comment, WordList, WordListTrial
from comments.models.word_list import MODE_LABELS, SEVERITY_LABELS
from comments.permissions import may_moderate_comments
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin, format_count
from newsroom.errors import Refused
from newsroom.text.dates import format_short_time

MAX_LISTED_WORDS = 200
CONTEXT_CHARS = 40


def restore_current(version: WordList, *, by: Any) -> WordList:
    """Restore a version over the one that counts now."""
    latest = WordList.objects.order_by("-number").values_list("number", flat=True).first()
    return restore_word_list(version, by=by, base_number=latest or 0)


def is_former(version: WordList) -> bool:
    """Whether another version counts now."""
    return WordList.objects.filter(number__gt=version.number).exists()


class ModeratorAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Pages for moderators of comments."""

    version_field = "no_version"  # rows that never change

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("comments/word_list.css",)}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate_comments(request.user)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(WordList)
class WordListAdmin(ModeratorAdmin):
    """Versions of the word list, the one that counts first."""

    change_list_template = "comments/word_list_versions.html"
    list_display = ("version_label", "word_count", "note", "author", "saved")
    ordering = ("-number",)
    fields = ("version_label", "word_count", "note", "author", "saved", "added", "removed")
    buttons = (
        Button(
            "restore",
            _("Restore this version"),
            action=restore_current,
            success_message=_("Restored as a new version. It counts at once."),
            is_allowed=may_moderate_comments,
            is_available=is_former,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        edit = self.admin_site.admin_view(self.edit_list)
        return [path("edit/", edit, name="comments_wordlist_edit"), *super().get_urls()]

    @admin.display(description=pgettext_lazy("word list", "version"), ordering="number")
    def version_label(self, row: WordList) -> str:
        if row.restored_number:
            values = {"number": row.number, "old": row.restored_number}
            return gettext("%(number)s (as %(old)s)") % values
        return pgettext("word list", "version %(number)s") % {"number": row.number}

    @admin.display(description=_("words"))
    def word_count(self, row: WordList) -> str:
        count = format_count(len(row.entries))
        return pgettext("word list", "%(count)s words") % {"count": count}

    @admin.display(description=_("by"))
    def author(self, row: WordList) -> str:
        return str(row.created_by or "–")

    @admin.display(description=_("saved at"), ordering="created_at")
    def saved(self, row: WordList) -> str:
        return format_short_time(row.created_at)

    @admin.display(description=_("added or changed"))
    def added(self, row: WordList) -> str:
        return self.listed(self.changes(row)[0])

    @admin.display(description=_("removed or changed"))
    def removed(self, row: WordList) -> str:
        return self.listed(self.changes(row)[1])

    def changes(self, row: WordList) -> tuple[list[Any], list[Any]]:
        before = WordList.objects.filter(number=row.number - 1).first()
        return compare_entries(before.entries if before else [], row.entries)

    def listed(self, entries: list[Any]) -> str:
        rows = entry_rows(entries[:MAX_LISTED_WORDS])
        line = '<li><b>{}</b> <span class="quiet">{}</span></li>'
        lines = ((row["text"], self.use_of(row)) for row in rows)
        return format_html('<ul class="word-changes">{}</ul>', format_html_join("", line, lines))

    def use_of(self, row: dict[str, Any]) -> str:
        if row["is_allowed"]:
            return str(row["mode_label"])
        return f"{row['severity_label']} · {row['mode_label']}"

    def edit_list(self, request: HttpRequest) -> HttpResponse:
        """The page that changes the list: save at once, or try it on the comments of the last days."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        current = WordList.objects.order_by("-number").first()
        if request.method != "POST" or "search" in request.POST:
            typed = request.POST.dict() or values_of_trial(request.GET.get("trial", ""))
            return self.render_list(request, WordListForm(initial=typed), current)
        form = WordListForm(request.POST)
        if form.is_valid():
            try:
                return self.save_or_try(request, form, current)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return self.render_list(request, form, current)

    def save_or_try(
        self, request: HttpRequest, form: WordListForm, current: WordList | None
    ) -> HttpResponse:
        removed = [
            (text, mode)
            for mode, _colon, text in (key.partition(":") for key in request.POST.getlist("remove"))
        ]
        number = request.POST.get("base", "")
        base = int(number) if number.isdecimal() and len(number) < 9 else 0
        entries = changed_entries(
            current.entries if current else [], added=form.cleaned_data["added"], removed=removed
        )
        by: Any = request.user
        note = form.cleaned_data["note"]
        if "save" not in request.POST:  # also by the Enter key
            days = form.cleaned_data["days"]
            trial = start_trial(entries, by=by, base_number=base, days=days, note=note)
            return redirect("admin:comments_wordlisttrial_change", trial.pk)
        save_word_list(entries, by=by, base_number=base, note=note)
        messages.success(request, gettext("Saved. The new list counts at once."))
        return redirect("admin:comments_wordlist_edit")

    def render_list(
        self, request: HttpRequest, form: WordListForm, current: WordList | None
    ) -> TemplateResponse:
        """The page with the words that are found, and above them others that are to be removed."""
        params = request.POST or request.GET
        query, use = params.get("q", "").strip(), params.get("use", "")
        removed = {*params.getlist("remove"), *form.initial.get("removed", ())}
        rows = entry_rows(current.entries if current else [])
        found = [row for row in rows if query in row["text"] and is_used_as(row, use)]
        shown = found[:MAX_LISTED_WORDS]
        shown_keys = {row["key"] for row in shown}
        unshown = [row for row in rows if row["key"] in removed - shown_keys]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Change the word list"),
            "opts": self.opts,
            "form": form,
            "rows": [{**row, "is_removed": row["key"] in removed} for row in [*unshown, *shown]],
            "shown_count": len(shown),
            "found_count": len(found),
            "total": len(rows),
            "number": current.number if current else 0,
            "query": query,
            "use": use,
            "uses": [*SEVERITY_LABELS.items(), (MatchMode.ALLOWED, MODE_LABELS[MatchMode.ALLOWED])],
            "media": self.media,
        }
        return TemplateResponse(request, "comments/word_list_edit.html", context)


@admin.register(WordListTrial)
class WordListTrialAdmin(ModeratorAdmin):
    """Dry runs: what a changed list would have found, and what it would no longer find."""

    change_form_template = "comments/word_list_trial.html"
    list_display = ("__str__", "state", "days", "scanned", "added", "released", "started")
    ordering = ("-pk",)
    fields = ()
    buttons = (
        Button(
            "apply",
            _("Let this list count"),
            action=apply_trial,
            success_message=_("Saved. The new list counts at once."),
            is_allowed=may_moderate_comments,
            is_available=lambda trial: trial.finished_at and trial.applied_number is None,
            tone="main",
        ),
    )

    @admin.display(description=_("state"))
    def state(self, trial: WordListTrial) -> str:
        if trial.applied_number:
            return gettext("counts as version %(number)s") % {"number": trial.applied_number}
        return gettext("finished") if trial.finished_at else gettext("running")

    @admin.display(description=_("started"), ordering="created_at")
    def started(self, trial: WordListTrial) -> str:
        return format_short_time(trial.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("created_by")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        trial = kwargs["obj"]
        base = WordList.objects.filter(number=trial.base_number).first()
        added, removed = compare_entries(base.entries if base else [], trial.entries)
        context |= {
            "trial": trial,
            "state": self.state(trial),
            "added_words": entry_rows(added[:MAX_LISTED_WORDS]),
            "removed_words": entry_rows(removed[:MAX_LISTED_WORDS]),
            "groups": [
                (gettext("Newly found"), trial.added, self.samples(trial, "added")),
                (gettext("No longer found"), trial.released, self.samples(trial, "released")),
            ],
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def samples(self, trial: WordListTrial, kind: str) -> list[dict[str, Any]]:
        """The samples of a kind with the text around the span, as long as the comment has it."""
        chosen = [sample for sample in trial.samples if sample["kind"] == kind]
        texts = dict(
            Comment.objects.filter(pk__in=[s["comment"] for s in chosen]).values_list("pk", "text")
        )
        rows = []
        for sample in chosen:
            text, start, end = texts.get(sample["comment"], ""), sample["start"], sample["end"]
            if not text[start:end]:
                continue
            before = text[max(0, start - CONTEXT_CHARS) : start]
            rows.append(
                {
                    "url": reverse("admin:comments_comment_change", args=[sample["comment"]]),
                    "match": sample["match"],
                    "before": ("…" if start > CONTEXT_CHARS else "") + before,
                    "span": text[start:end],
                    "after": text[end : end + CONTEXT_CHARS],
                }
            )
        return rows
