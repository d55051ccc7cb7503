"""Edit conflict: the fields saved meanwhile, by another user or in another window, and those submitted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import strip_tags

from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.errors import EditedElsewhere, EditedInAnotherWindow
from desk.models import Draft
from media.models import Photo
from media.representation import photo_text_of_use
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import normalize_line

COMPARED_TEXT_FIELDS = (
    *("headline", *EDITORIAL_FIELD_NAMES),
    *("summary_1", "summary_2", "summary_3", "body", "notes"),
)
COMPARED_TIME_FIELDS = ("embargo_until", "expires_at")


@dataclass
class EditConflict:
    """The saved draft, and (label, saved value) of each field that differs from the submitted form."""

    draft: Draft
    is_own: bool  # saved by the same user in another window
    differences: list[tuple[str, str]]


def edit_conflict_of(request: HttpRequest, draft: Any) -> EditConflict | None:
    """The conflict for which the submitted form was refused; None where there is none."""
    if draft is None or not isinstance(getattr(request, "refusal", None), EditedElsewhere):
        return None
    saved = Draft.objects.select_related("changed_by", "lead_photo").get(pk=draft.pk)
    texts = [
        (str(label_for_field(name, Draft)), strip_markup(getattr(saved, name)))
        for name in COMPARED_TEXT_FIELDS
        if strip_markup(getattr(saved, name)) != strip_markup(request.POST.get(name, ""))
    ]
    times = [
        (str(label_for_field(name, Draft)), format_short_time(at) if at else "–")
        for name in COMPARED_TIME_FIELDS
        if datetime_local_value(at := getattr(saved, name)) != request.POST.get(name, "")
    ]
    is_own = saved.changed_by == request.user
    return EditConflict(saved, is_own, [*texts, *photo_text_differences(saved, request), *times])


def photo_text_differences(saved: Draft, request: HttpRequest) -> list[tuple[str, str]]:
    """(label, saved value) of each text of the lead photo that differs from the submitted form."""
    return [
        (str(label_for_field(name, Photo)), text)
        for name, text in photo_text_of_use(saved.lead_photo, saved.lead_photo_text).items()
        if text != normalize_line(request.POST.get(f"photo_{name}", ""))
    ]


def mark_own_conflict(request: HttpRequest, draft: Draft | None) -> None:
    """Replace the refusal by EditedInAnotherWindow where the same user saved the newer version."""
    refusal = getattr(request, "refusal", None)
    if draft is None or not isinstance(refusal, EditedElsewhere):
        return
    if is_own_change(draft, request.user):
        request.refusal = EditedInAnotherWindow()  # type: ignore[attr-defined]  # read by ActionBackedAdmin.get_form


def is_own_change(draft: Draft, user: Any) -> bool:
    """Whether this user saved the newest version of the draft."""
    changed_by = Draft.objects.values_list("changed_by", flat=True).get(pk=draft.pk)
    return bool(changed_by == user.pk)


def datetime_local_value(at: datetime | None) -> str:
    """A time as `<input type="datetime-local">` submits it; "" for none."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""


def strip_markup(text: str) -> str:
    """The text of HTML on one line, to compare and to show."""
    return normalize_line(strip_tags(text.replace("><", "> <")))
