"""Edit conflict: the fields saved meanwhile, by another user or in another window, and those submitted."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any, NamedTuple

from django.contrib.admin.utils import label_for_field
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.admin.story.conflict_sides import ConflictSides, rows_of
from desk.admin.story.three_way_merge import (
    MERGED_GROUPS,
    Merge,
    arguments_of_groups,
    local_minute,
)
from desk.errors import EditedElsewhere, EditedInAnotherWindow
from desk.errors.versions import BothOwnTextsShown, BothTextsShown, NothingSavedSince
from desk.models import Draft
from desk.versions.comparison import Passage
from desk.versions.three_way_diff import SidesRow
from media.models import Photo
from media.representation import photo_text_of_use
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import normalize_line, normalize_text

COMPARED_TEXT_FIELDS = (
    *("headline", *EDITORIAL_FIELD_NAMES),
    *("summary_1", "summary_2", "summary_3", "body", "notes"),
)
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|blockquote|figcaption)>")
EMBED_START = re.compile(r'<figure data-embed="([^"]*)">')
RELATED_BOX_START = re.compile(
    r'<aside class="related-box" data-related="([^"]*)"(?: data-titles="([^"]*)")?>'
)
COMPARED_TIME_FIELDS = ("embargo_until", "expires_at")


@dataclass
class FieldConflict:
    """A field, or fields that are chosen as one, which both sides have changed, with their word diff."""

    group: str
    label: str
    mine: str
    theirs: str
    choice: str  # mine, theirs, or "" before the user has chosen
    passages: list[Passage[SidesRow]]


class MergedChange(NamedTuple):
    """A field that was saved meanwhile and that the form has left as it was, with its word diff."""

    label: str
    passages: list[Passage[SidesRow]]


@dataclass
class EditConflict:
    """The saved draft, and (label, saved value) of each field that differs from the submitted form.

    Where the form knows how it was opened: what both sides have changed (`fields`), and what was saved
    meanwhile and is merged by itself (`changes`).
    """

    draft: Draft
    is_own: bool  # saved by the same user in another window
    differences: list[tuple[str, str]]
    fields: list[FieldConflict] = field(default_factory=list)
    changes: list[MergedChange] = field(default_factory=list)
    has_base: bool = True  # whether the version that the form was opened with is kept

    @property
    def merged(self) -> list[str]:
        return [change.label for change in self.changes]


def is_comparing(request: HttpRequest) -> bool:
    """Whether the form was submitted to show what was saved meanwhile, and to save nothing."""
    return request.method == "POST" and "compare" in request.POST


def edit_conflict_of(request: HttpRequest, draft: Any, form: Any) -> EditConflict | None:
    """The conflict for which the submitted form was refused, or that it asks for; None where there is
    none."""
    refusal = getattr(request, "refusal", None)
    is_asked = refusal is None and is_comparing(request)  # and the form is not valid
    if draft is None or not (isinstance(refusal, EditedElsewhere) or is_asked):
        return None
    saved = Draft.objects.select_related("changed_by", "lead_photo").get(pk=draft.pk)
    if is_asked and str(saved.version) == request.POST.get("version"):
        return None
    is_own = saved.changed_by == request.user
    merge = form.merge_with_saved() if form.is_bound else Merge()
    if not merge.both and not merge.theirs and not merge.mine:
        return EditConflict(saved, is_own, differences_of(saved, request))
    stored, sides = form.saved_form(), ConflictSides(form, saved)
    conflicts = [
        FieldConflict(
            group,
            label_of(form, group),
            text_of_group(form, group),
            text_of_group(stored, group),
            request.POST.get(f"choose_{group}", ""),
            sides.passages(group, is_changed_here=True),
        )
        for group in MERGED_GROUPS
        if group in merge.both
    ]
    changes = [
        MergedChange(label_of(form, group), sides.passages(group, is_changed_here=False))
        for group in MERGED_GROUPS
        if group in merge.theirs
    ]
    return EditConflict(saved, is_own, [], conflicts, changes, sides.has_base)


def differences_of(saved: Draft, request: HttpRequest) -> list[tuple[str, str]]:
    """(label, saved value) of what differs from a form that does not know how it was opened."""
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
    return [*texts, *photo_text_differences(saved, request), *times]


def resolve_conflict(
    request: HttpRequest, form: Any, *, form_version: int
) -> tuple[dict[str, Any], int | None, str | None]:
    """(fields to save, expected version, message where they were merged) of a valid form.

    `form_version` is the version that it is based on.

    A form of an older version is merged where no field was changed on both sides and no button decides on
    the text as it was seen, or as the user has chosen on the page of the conflict. Otherwise the fields are
    saved for the version that the form was opened with, which is refused. Raises EditedElsewhere and
    NothingSavedSince for a form that is only to be compared.
    """
    if is_comparing(request):
        raise NothingSavedSince if form_version == form.instance.version else EditedElsewhere
    data, fields = form.cleaned_data, form.changed_fields()
    version = data["overwrite"] or form_version
    if not form.instance.pk or data["overwrite"] or version == form.instance.version:
        return fields, version, None
    merge = form.merge_with_saved()
    is_chosen = data["merge"] == form.instance.version
    chosen = {group for group in merge.both if request.POST.get(f"choose_{group}") == "mine"}
    left = {group for group in merge.both if request.POST.get(f"choose_{group}") == "theirs"}
    is_settled = merge.both == (chosen | left if is_chosen else set())
    if not is_settled or not (merge.mine | merge.theirs | merge.both) or data["do"]:
        return fields, version, None
    fields = arguments_of_groups(fields, merge.mine | chosen)
    return fields, form.instance.version, merged_message(form, merge.theirs | left)


def merged_message(form: Any, groups: set[str]) -> str:
    """What is kept of the version that was saved meanwhile."""
    names = ", ".join(label_of(form, group) for group in MERGED_GROUPS if group in groups)
    if not names:
        return _now("Saved.")
    who = Draft.objects.select_related("changed_by").get(pk=form.instance.pk).changed_by
    return _now("Saved, and merged with what %(who)s saved meanwhile: %(names)s.") % {
        "who": who,
        "names": names,
    }


def label_of(form: Any, group: str) -> str:
    """The label of a group: that of its first field, and "poll" for those of the poll."""
    if group == "poll":
        return str(_("poll"))
    return str(form[MERGED_GROUPS[group][0]].label)


def text_of_group(form: Any, group: str) -> str:
    """The values of a group as text, a line for each of several fields."""
    lines = [field_text(form, name) for name in MERGED_GROUPS[group]]
    return "\n".join(filter(None, lines))


def field_text(form: Any, name: str) -> str:
    """The value of a field as text: choices by their labels."""
    bound = form[name]
    value = bound.value()
    if value is None or value in ("", []):
        return ""
    if isinstance(value, str) and name in COMPARED_TIME_FIELDS:
        return value.replace("T", " ")
    if name == "body":
        return normalize_text(strip_tags(BLOCK_END.sub("\n", with_block_text(str(value)))))
    if isinstance(value, datetime):
        return local_minute(value).replace("T", " ")
    if hasattr(bound.field, "queryset"):
        keys = value if isinstance(value, list) else [value]
        return ", ".join(map(str, rows_of(form, name, keys)))
    choices = dict(getattr(bound.field, "choices", ()))
    return str(choices.get(value, value))


def with_block_text(html: str) -> str:
    """The HTML of the editor with text for blocks without text: addresses of embeds, related stories."""
    html = EMBED_START.sub(r"[\1]\n", html)
    return RELATED_BOX_START.sub(lambda box: f"[{', '.join(titles_in_box(box))}]\n", html)


def titles_in_box(box: re.Match[str]) -> list[str]:
    """The headlines that the editor has of a related box; else the identifiers."""
    try:
        return [escape(str(title)) for title in json.loads(unescape(box[2] or ""))]
    except (ValueError, TypeError):
        return box[1].split()


def photo_text_differences(saved: Draft, request: HttpRequest) -> list[tuple[str, str]]:
    """(label, saved value) of each text of the lead photo that differs from the submitted form."""
    return [
        (str(label_for_field(name, Photo)), text)
        for name, text in photo_text_of_use(saved.lead_photo, saved.lead_photo_text).items()
        if text != normalize_line(request.POST.get(f"photo_{name}", ""))
    ]


def explain_conflict(request: HttpRequest, draft: Draft | None) -> None:
    """Replace the refusal of a stale form by one that says who saved the newer version, the same user or
    another, and that the page shows both texts."""
    refusal = getattr(request, "refusal", None)
    if draft is None or type(refusal) not in {EditedElsewhere, EditedInAnotherWindow}:
        return
    is_own = is_own_change(draft, request.user)
    request.refusal = BothOwnTextsShown() if is_own else BothTextsShown()  # type: ignore[attr-defined]  # read by ActionBackedAdmin.get_form


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
