"""Autosave of the story form: the endpoints that its script (desk/static/desk/autosave.js) calls."""

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.models import User
from desk.actions import autosave, autosave_new, promote_autosave
from desk.actions.versions.autosaving import (
    Autosaved,
    NewestAutosaves,
    newest_autosaves,
    version_seen_by_form,
)
from desk.actions.versions.versioning import newest_version
from desk.admin.story.edit_conflict import is_own_change
from desk.admin.story.form_fields import POLL_FIELDS
from desk.admin.story.forms import DraftForm
from desk.admin.story.unsaved_work import resubmitted_draft_id
from desk.errors import EditedElsewhere, EditedInAnotherWindow
from desk.models import Draft
from desk.versions.comparison import field_label
from newsroom.admin.base import BaseAdmin
from newsroom.errors import Refused
from newsroom.text.dates import format_short_time

LISTS = ("authors", "related")
# What buttons take along: typed text, but nothing of the draft, so that the browser keeps it.
BUTTON_FIELDS = ("correction_note", "review_note")


class AutosavePages(BaseAdmin):
    """The endpoints of autosave, for the admin of drafts. Each takes the whole form and answers JSON:
    {"id", "title", "version", "base", "saved_at", "left_out"} and the addresses of the draft, or {"code",
    "detail"} of a refusal.
    """

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("autosave/", wrap(self.autosave_new_form), name="desk_draft_autosave_new"),
            path("<int:pk>/autosave/", wrap(self.autosave_form), name="desk_draft_autosave"),
        ]
        return [*own, *super().get_urls()]

    def autosave_new_form(self, request: HttpRequest) -> HttpResponseBase:
        """Create the draft of a form that was never saved; once for each form."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if number := resubmitted_draft_id(request):
            return self.autosave_form(request, int(number))
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.bound_form(request, None)
        token = form.cleaned_data.get("form_token")
        if token is None:
            raise Http404
        try:
            fields, invalid = valid_changes(form)
            with transaction.atomic():
                saved = autosave_new(cast("User", request.user), form_token=token, **fields)
                return saved_response(saved, invalid)
        except EditedInAnotherWindow:  # the same form, sent twice, created it in between
            number = resubmitted_draft_id(request)
            return self.autosave_form(request, int(number or 0))
        except Refused as refusal:
            return refusal_response(refusal)

    def autosave_form(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save what has changed in the form of this draft."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        draft: Draft | None = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not (draft.trashed_at or self.has_change_permission(request, draft)):
            raise PermissionDenied
        user, form = cast("User", request.user), self.bound_form(request, draft)
        fields, invalid = valid_changes(form)
        try:
            with transaction.atomic():
                saved = autosave(
                    draft,
                    by=user,
                    version=form.cleaned_data.get("version") or 0,
                    form_token=form.cleaned_data.get("form_token"),
                    **fields,
                )
                return saved_response(saved, invalid)
        except EditedElsewhere as refusal:
            own = is_own_change(draft, user)
            return conflict_response(draft, EditedInAnotherWindow() if own else refusal)
        except Refused as refusal:
            return refusal_response(refusal)

    def bound_form(self, request: HttpRequest, draft: Draft | None) -> DraftForm:
        form_class: Any = self.get_form(request, draft, change=draft is not None)
        form: DraftForm = form_class(request.POST, request.FILES, instance=draft)
        form.is_valid()
        return form


def valid_changes(form: DraftForm) -> tuple[dict[str, Any], list[str]]:
    """The changed fields of a form without those that hold an error, and the labels of these."""
    invalid = set(form.errors) & set(form.changed_data)
    if invalid & set(POLL_FIELDS):
        invalid |= set(POLL_FIELDS)  # a poll is one value
    form.changed_data = [name for name in form.changed_data if name not in invalid]
    for name in invalid.intersection(LISTS):
        form.cleaned_data[name], form.initial[name] = [], []
    for name in POLL_FIELDS:
        form.cleaned_data.setdefault(name, "")
    labels = [str(form.fields[name].label) for name in form.fields if name in form.errors]
    labels += [
        str(form.fields[name].label)
        for name in BUTTON_FIELDS
        if name in form.fields and name in form.changed_data and name not in form.errors
    ]
    return form.changed_fields(), labels


def saved_response(saved: Autosaved, invalid: list[str]) -> JsonResponse:
    """What the form takes over of its save, among it `base`, the digests of this version's fields.

    Called in the transaction that holds the draft.
    """
    draft = Draft.objects.get(pk=saved.draft.pk)
    return JsonResponse(
        {
            "id": draft.pk,
            "page": reverse("admin:desk_draft_change", args=[draft.pk]),
            "autosave": reverse("admin:desk_draft_autosave", args=[draft.pk]),
            "presence": reverse("desk-presence", args=[draft.pk]),
            "lock": reverse("desk-lock", args=[draft.pk]),
            "title": str(draft),
            "version": draft.version,
            "base": DraftForm(instance=draft).initial["base"],
            "saved_at": format_short_time(timezone.now()),
            "left_out": [*map(field_label, saved.left_out), *invalid],
        }
    )


def refusal_response(refusal: Refused) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "detail": str(refusal)}, status=refusal.status)


def conflict_response(draft: Draft, refusal: Refused) -> JsonResponse:
    """412 with who changed the draft meanwhile, and when."""
    saved = Draft.objects.select_related("changed_by").get(pk=draft.pk)
    body = {
        "code": refusal.code,
        "detail": str(refusal),
        "is_own": isinstance(refusal, EditedInAnotherWindow),
        "changed_by": str(saved.changed_by),
        "changed_at": format_short_time(saved.changed_at),
    }
    return JsonResponse(body, status=refusal.status)


def version_seen_by(form: DraftForm, draft: Draft, user: User) -> int:
    """The version that a submitted form is based on: a newer one where that is an autosave of this very
    form, whose answer was lost on the way."""
    version, token = form.cleaned_data["version"], form.cleaned_data.get("form_token")
    if draft.pk is None or not version:
        return int(version or 0)
    return version_seen_by_form(
        draft, version, by=user, form_token=token if isinstance(token, UUID) else None
    )


def newest_autosaves_of(draft: Draft | None, user: Any) -> NewestAutosaves | None:
    """For the page, what its stored text may go on from; None for a new story."""
    return newest_autosaves(draft, by=user) if draft else None


def promote_own_autosave(draft: Draft, user: User, version: int) -> tuple[Draft, bool]:
    """The draft of a form without changes, and whether an autosave became an explicit save.

    Without such an autosave, or under the edit lock of somebody else, nothing is written: the lock is the
    button's to ask for, and a preview needs none. The version of the draft is the one that the user has
    seen, for the button; a newer version is its to refuse.
    """
    current = Draft.objects.get(pk=draft.pk)
    newest = newest_version(current)
    is_own = newest is not None and (newest.kind, newest.saved_by_id) == ("autosave", user.pk)
    is_locked = current.is_locked_against(user.pk, timezone.now())
    if current.version != version or not is_own or is_locked:
        current.version = version
        return current, False
    saved = promote_autosave(current, by=user, version=version)
    return saved, saved.version != version
