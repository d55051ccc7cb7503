"""Sides of an edit conflict as contents of versions, and their word diff against what the form was opened
with."""

from collections.abc import Iterator
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

from desk.admin.story.form_fields import POLL_FIELDS
from desk.admin.story.story_editor import from_editor_html
from desk.models import Draft, DraftVersion
from desk.rendering import clean_body
from desk.versions.comparison import Passage, blocks_of, fold
from desk.versions.content import (
    REFERENCE_FIELDS,
    Content,
    article_references,
    content_of,
    json_value,
)
from desk.versions.three_way_diff import SidesRow, diff_sides
from media.models import Photo
from media.representation import PHOTO_TEXT_FIELDS, photo_text_of_use
from newsroom.admin.row_ids import is_id
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import is_blank, normalize_text
from newsroom.text.word_diff import Block, Budget, text_block
from polls.models import Poll

LISTS = ("authors", "related")
TIMES = ("embargo_until", "expires_at")


class ConflictSides:
    """What was saved meanwhile, what was submitted, and the version that the form was opened with."""

    def __init__(self, form: Any, saved: Draft) -> None:
        self.form, self.budget = form, Budget()
        self.theirs = content_of(saved)
        self.base = content_when_opened(form, saved)

    @property
    def has_base(self) -> bool:
        """Whether the version that the form was opened with is kept; thinned autosaves are not."""
        return self.base is not None

    def passages(self, group: str, *, is_changed_here: bool) -> list[Passage[SidesRow]]:
        """The saved and the submitted text of a group side by side, each with what was changed since the
        form was opened.

        Where the user has changed nothing, the form is as it was opened. Without the base of what both have
        changed, the submitted text is compared with the saved one.
        """
        mine = list(self.blocks(group, {group: submitted_value(self.form, group)}))
        theirs = list(self.blocks(group, self.theirs))
        if not is_changed_here:
            base = mine
        else:
            base = theirs if self.base is None else list(self.blocks(group, self.base))
        return list(fold(diff_sides(base, theirs, mine, self.budget)))

    def blocks(self, group: str, content: Content) -> Iterator[Block]:
        """The blocks of a group: a photo with its text, a poll with what its form shows of it."""
        if group == "poll":
            yield from poll_blocks(self.form, content.get("poll"))
            return
        yield from blocks_of(group, content.get(group))
        if group == "lead_photo":
            yield from blocks_of("lead_photo_text", photo_text(self.form, content))


def content_when_opened(form: Any, saved: Draft) -> Content | None:
    """The content of the version with which the form was opened; None where it is not kept."""
    versions = DraftVersion.objects.filter(draft=saved)
    number = form.cleaned_data.get("version") or 0
    return versions.filter(number=number).values_list("content", flat=True).first()


# -- what was submitted --------------------------------------------------------------------------------


def submitted_value(form: Any, group: str) -> Any:
    """The JSON value of a group as it was submitted, whether it is valid or not."""
    if group == "poll":
        return submitted_poll(form)
    value: Any = form[group].value() or ""
    if group in LISTS:
        rows = rows_of(form, group, list(value))
        return article_references(rows) if group == "related" else list(map(json_value, rows))
    if group in REFERENCE_FIELDS:
        return next(map(json_value, rows_of(form, group, [value])), None)
    if group in TIMES:
        return json_value(form.cleaned_data.get(group))
    return submitted_text(group, str(value))


def submitted_text(name: str, text: str) -> str | list[str]:
    """The JSON value of a field that is text; that of the tags are their names."""
    if name == "body":
        return clean_body(from_editor_html(text))
    if name == "tags":
        return [tag.strip() for tag in text.split(",") if not is_blank(tag)]
    return normalize_text(text)


def rows_of(form: Any, name: str, keys: list[Any]) -> list[Any]:
    """The rows of these ids among the choices of a field, in this order."""
    numbers = [str(getattr(key, "pk", key)) for key in keys]
    numbers = list(filter(is_id, numbers))
    rows = {str(row.pk): row for row in form.fields[name].queryset.filter(pk__in=numbers)}
    return [rows[number] for number in numbers if number in rows]


def submitted_poll(form: Any) -> dict[str, Any] | None:
    """The poll of the form in the shape of a version; None without a question."""
    text = {name: normalize_text(str(form[name].value() or "")) for name in POLL_FIELDS}
    if is_blank(text["poll_question"]):
        return None
    return {
        "question": text["poll_question"],
        "title": text["poll_title"],
        "sides": [{"key": key, "argument": text[f"poll_{key}"]} for key in ("pro", "con")],
        "opens_at": json_value(form.cleaned_data.get("poll_opens_at")),
        "closes_at": json_value(form.cleaned_data.get("poll_closes_at")),
        "results": text["poll_results"],
        "election_day": text["poll_election_day"] or None,
    }


# -- as people see it ------------------------------------------------------------------------------------


def poll_blocks(form: Any, poll: dict[str, Any] | None) -> Iterator[Block]:
    """A line for each field of the form that the poll fills."""
    if poll is None:
        return
    arguments = {side["key"]: side["argument"] for side in poll["sides"]}
    results = dict(Poll.Results.choices).get(poll["results"], "")
    values = (
        *(poll["question"], poll["title"], arguments.get("pro", ""), arguments.get("con", "")),
        *(time_text(poll["opens_at"]), time_text(poll["closes_at"]), str(results)),
        poll.get("election_day") or "",
    )
    for name, text in zip(POLL_FIELDS, values, strict=True):
        if text:
            yield text_block(f"{capfirst(str(form[name].label))}: {text}")


def time_text(stored: str | None) -> str:
    at = parse_datetime(stored) if stored else None
    return format_short_time(at) if at else ""


def photo_text(form: Any, content: Content) -> dict[str, str]:
    """The texts of the lead photo, the photo library's for those that the story does not change."""
    if "lead_photo_text" in content:
        photo = Photo.objects.filter(pk=(content["lead_photo"] or {"id": 0})["id"]).first()
        text = photo_text_of_use(photo, content["lead_photo_text"])
    else:
        text = {name: str(form[f"photo_{name}"].value() or "") for name in PHOTO_TEXT_FIELDS}
    return {name: value for name, value in text.items() if not is_blank(value)}
