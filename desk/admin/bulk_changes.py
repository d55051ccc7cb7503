"""Admin actions for many stories or articles at once: a preview of each change, then per-story results."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import Section
from articles.slugs import make_slug
from desk.actions.bulk_changes import (
    MAX_BULK_STORIES,
    BulkChange,
    BulkKind,
    BulkOutcome,
    BulkResult,
    change_stories,
    count_ended,
    preview_changes,
)
from desk.admin.local_time import DateTimeLocalField
from desk.admin.schedule_forms import submitted_versions
from desk.errors import TooManyStories
from desk.models import Draft
from desk.permissions import may_withdraw, may_write
from desk.section_rights import visible_drafts
from newsroom.errors import Refused
from newsroom.text.normalization import is_blank

BULK_ACTION_PREFIX = "bulk_"
HOLD_KINDS = (BulkKind.PUT_ON_HOLD, BulkKind.END_HOLD)
READERS_LATER = (BulkKind.SET_SECTION, BulkKind.ADD_TAG, BulkKind.REMOVE_TAG)


class BulkForm(forms.Form):
    """The value of a bulk change: one field, that of its kind."""

    section = forms.ModelChoiceField(label=_("section"), queryset=Section.objects.all())
    tag = forms.CharField(label=_("tag"), max_length=40, widget=AdminTextInputWidget)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=AdminTextInputWidget,
        help_text=_("Stored in the audit log only."),
    )
    expires_at = DateTimeLocalField(
        label=_("comes down"), required=False, help_text=_("Leave empty, and the stories stay.")
    )
    FIELDS_BY_KIND = {
        BulkKind.SET_SECTION: "section",
        BulkKind.ADD_TAG: "tag",
        BulkKind.REMOVE_TAG: "tag",
        BulkKind.PUT_ON_HOLD: "reason",
        BulkKind.SET_EXPIRY: "expires_at",
    }

    def __init__(self, *args: Any, kind: BulkKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, own = kind, self.FIELDS_BY_KIND.get(kind)
        for name in list(self.fields):
            if name != own:
                del self.fields[name]

    def clean_tag(self) -> str:
        name: str = self.cleaned_data["tag"]
        if not make_slug(name) or "," in name or is_blank(name):
            raise ValidationError(_("Give one tag, with a letter or a digit."))
        return name

    def change(self) -> BulkChange:
        """The change that the valid form describes."""
        return BulkChange(kind=self.kind, **self.cleaned_data)


def bulk_action(kind: BulkKind) -> Callable[..., Any]:
    """The admin action of one kind of change."""

    permission = "bulk_hold" if kind in HOLD_KINDS else "bulk_edit"

    @admin.action(description=kind.label, permissions=[permission])
    def run(page: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return bulk_change_page(page, request, queryset, kind=kind)

    run.__name__ = f"{BULK_ACTION_PREFIX}{kind.value}"
    return run


# For `actions` of the lists of stories and of articles, which check `has_<permission>_permission`.
BULK_ACTIONS = tuple(bulk_action(kind) for kind in BulkKind)


class BulkChangesMixin:
    """A list with BULK_ACTIONS: drafts change for those who may write, holds for those who may withdraw."""

    def has_bulk_edit_permission(self, request: HttpRequest) -> bool:
        return may_write(request.user)  # type: ignore[arg-type]  # staff by now

    def has_bulk_hold_permission(self, request: HttpRequest) -> bool:
        return may_withdraw(request.user)  # type: ignore[arg-type]


def bulk_change_page(
    page: Any, request: HttpRequest, queryset: QuerySet[Any], *, kind: BulkKind
) -> Any:
    """The page of a bulk change: ask for the value, preview each story, then make the change.

    `step` of the form is `preview` or `apply`; a change is made with the versions that the preview showed.
    """
    if request.POST.get("step"):  # whatever the filter of the list lets through by now
        submitted = [pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk.isdecimal()]
        queryset = page.get_queryset(request).filter(pk__in=submitted)
    pks = queryset.order_by("pk").values_list("pk", flat=True)
    selected = list(pks[: MAX_BULK_STORIES + 1])
    if len(selected) > MAX_BULK_STORIES:
        messages.error(request, str(TooManyStories()))
        return None
    drafts = list(drafts_of(queryset, request.user))
    step = request.POST.get("step", "")
    needs_value = kind in BulkForm.FIELDS_BY_KIND
    form = BulkForm(None if needs_value and not step else request.POST, kind=kind)
    results = bulk_results(request, form, drafts, is_applied=step == "apply")
    is_applied = step == "apply" and results is not None
    context = {
        **page.admin_site.each_context(request),
        "title": kind.label,
        "opts": page.opts,
        "selected": selected,
        "drafts": drafts,
        "form": form,
        "results": results,
        "is_applied": is_applied,
        "changed_count": count_outcomes(results, BulkOutcome.CHANGED),
        "ended_approvals": count_ended(results or (), Draft.Stage.APPROVED),
        "ended_submissions": count_ended(results or (), Draft.Stage.SUBMITTED),
        "summary": summary_of(results) if is_applied else "",
        "action_name": f"{BULK_ACTION_PREFIX}{kind.value}",
        "list_url": reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"),
        "waits_for_edition": kind in READERS_LATER,
        "media": page.media + form.media,
    }
    return TemplateResponse(request, "desk/bulk_change.html", context)


def bulk_results(
    request: HttpRequest, form: BulkForm, drafts: list[Draft], *, is_applied: bool
) -> list[BulkResult] | None:
    """The results of the preview or of the change; None where the form is not filled in or is refused."""
    if not (form.is_bound and form.is_valid()):
        return None
    user: Any = request.user
    try:
        if not is_applied:
            return preview_changes({draft.pk: None for draft in drafts}, form.change(), by=user)
        # A story without a version was not in the preview: no version is 0, so it is refused.
        versions = submitted_versions(request.POST, drafts)
        return change_stories({pk: v or 0 for pk, v in versions.items()}, form.change(), by=user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def drafts_of(queryset: QuerySet[Any], user: Any) -> Any:
    """The stories of a list of stories, or of a list of articles, that the user may read."""
    pks = queryset.order_by().values("pk")
    condition = {"pk__in": pks} if queryset.model is Draft else {"article__in": pks}
    return visible_drafts(user).filter(**condition).defer("body", "notes").order_by("pk")


def count_outcomes(results: list[BulkResult] | None, outcome: BulkOutcome) -> int:
    return sum(result.outcome == outcome for result in results or ())


def summary_of(results: list[BulkResult] | None) -> str:
    """How many were changed and how many were refused, in a sentence."""
    changed = count_outcomes(results, BulkOutcome.CHANGED)
    refused = count_outcomes(results, BulkOutcome.REFUSED)
    done = ngettext("%(n)d story changed.", "%(n)d stories changed.", changed) % {"n": changed}
    if not refused:
        return done
    return f"{done} " + ngettext("%(n)d refused.", "%(n)d refused.", refused) % {"n": refused}
