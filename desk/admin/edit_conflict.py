"""Edit conflict: what was saved meanwhile, by others or in another window, beside what is typed here."""

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
    """The story as it is kept now: by whom, which version, and the words that differ from ours."""

    draft: Draft
    is_own: bool  # saved by whoever reads this, in another window
    words: list[tuple[str, str]]


def edit_conflict_of(request: HttpRequest, draft: Any) -> EditConflict | None:
    """What the other editor has kept, where that is why the page was refused."""
    if draft is None or not isinstance(getattr(request, "refusal", None), EditedElsewhere):
        return None
    kept = Draft.objects.select_related("changed_by", "lead_photo").get(pk=draft.pk)
    words = [
        (str(label_for_field(name, Draft)), strip_markup(getattr(kept, name)))
        for name in COMPARED_TEXT_FIELDS
        if strip_markup(getattr(kept, name)) != strip_markup(request.POST.get(name, ""))
    ]
    times = [
        (str(label_for_field(name, Draft)), format_short_time(at) if at else "–")
        for name in COMPARED_TIME_FIELDS
        if datetime_local_value(at := getattr(kept, name)) != request.POST.get(name, "")
    ]
    is_own = kept.changed_by == request.user
    return EditConflict(kept, is_own, [*words, *photo_text_differences(kept, request), *times])


def photo_text_differences(kept: Draft, request: HttpRequest) -> list[tuple[str, str]]:
    """What is said of the lead photo and differs from what is typed here."""
    return [
        (str(label_for_field(name, Photo)), words)
        for name, words in photo_text_of_use(kept.lead_photo, kept.lead_photo_text).items()
        if words != normalize_line(request.POST.get(f"photo_{name}", ""))
    ]


def mark_own_conflict(request: HttpRequest, draft: Draft | None) -> None:
    """Where the page was refused for what the same person has saved, the refusal says so."""
    refusal = getattr(request, "refusal", None)
    if draft is None or not isinstance(refusal, EditedElsewhere):
        return
    if Draft.objects.values_list("changed_by", flat=True).get(pk=draft.pk) == request.user.pk:
        request.refusal = EditedInAnotherWindow()  # type: ignore[attr-defined]  # read in get_form


def datetime_local_value(at: datetime | None) -> str:
    """A time as the page sends it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""


def strip_markup(text: str) -> str:
    """The words without mark-up, for comparing and for showing."""
    return normalize_line(strip_tags(text.replace("><", "> <")))
