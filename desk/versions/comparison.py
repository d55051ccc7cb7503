"""Comparison of two contents of a draft, field by field, for people: labels, names and words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from desk.models import Draft
from desk.versions.content import VERSIONED_FIELDS, Content
from media.models import Photo
from newsroom.text.dates import format_short_time
from newsroom.text.html_normalizer import parse_blocks
from newsroom.text.html_normalizer.nodes import MARK_TAGS
from newsroom.text.html_normalizer.nodes import Block as MarkupBlock
from newsroom.text.word_diff import Block, Budget, Row, Word, diff_blocks, text_block, words_of
from polls.models import Poll

CONTEXT_ROWS = 1  # equal blocks that are shown beside a change
MIN_FOLDED_ROWS = 3
PHOTO_FIELDS = ("lead_photo", "social_photo")
PHOTO_TEXT_LABELS: dict[str, str | Promise] = {
    "alt": _("alternative text"),
    "caption": _("caption"),
    "credit": _("credit"),
}
SIDE_LABELS: dict[str, str | Promise] = {
    "pro": _("Booki's argument (pro)"),
    "con": _("Moki's argument (con)"),
}


class DiffRow(Protocol):
    """A row of a diff: `kind` is `equal` where it shows no change."""

    @property
    def kind(self) -> str: ...


AnyRow = TypeVar("AnyRow", bound=DiffRow)


class FieldDifference(NamedTuple):
    """A field that differs, with its rows."""

    name: str
    label: str
    rows: list[Row]

    def passages(self) -> Iterator["Passage[Row]"]:
        """The rows, with long stretches of equal ones folded."""
        return fold(self.rows)


@dataclass(frozen=True)
class Passage(Generic[AnyRow]):
    """Consecutive rows; `is_folded` for equal ones that are hidden at first."""

    rows: list[AnyRow]
    is_folded: bool


def compare(before: Content, after: Content) -> list[FieldDifference]:
    """The fields that both contents have and that differ as people see them, in the order of the form."""
    budget, differences = Budget(), list[FieldDifference]()
    for name in VERSIONED_FIELDS:
        if name not in before or name not in after or before[name] == after[name]:
            continue
        rows = diff_blocks(
            list(blocks_of(name, before[name])), list(blocks_of(name, after[name])), budget
        )
        if any(row.kind != "equal" for row in rows):
            differences.append(FieldDifference(name, field_label(name), rows))
    return differences


def field_label(name: str) -> str:
    """The label of a field of a draft, as its form shows it."""
    return capfirst(str(Draft._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def field_labels(names: Iterable[str]) -> list[str]:
    """Labels of fields; names that the draft no longer has are left out."""
    return [field_label(name) for name in names if name in VERSIONED_FIELDS]


def fold(rows: list[AnyRow]) -> Iterator[Passage[AnyRow]]:
    """The rows in passages: of equal ones only those beside a change are shown at first."""
    shown: list[AnyRow] = []
    for is_equal, run in runs_of(rows):
        first, last = run[0] is rows[0], run[-1] is rows[-1]
        start = 0 if first else CONTEXT_ROWS
        end = len(run) - (0 if last else CONTEXT_ROWS)
        if not is_equal or end - start < MIN_FOLDED_ROWS:
            shown += run
            continue
        if shown := shown + run[:start]:
            yield Passage(shown, is_folded=False)
        yield Passage(run[start:end], is_folded=True)
        shown = run[end:]
    if shown:
        yield Passage(shown, is_folded=False)


def runs_of(rows: list[AnyRow]) -> Iterator[tuple[bool, list[AnyRow]]]:
    """Stretches of equal and of differing rows."""
    run: list[AnyRow] = []
    for row in rows:
        if run and (run[-1].kind == "equal") != (row.kind == "equal"):
            yield run[-1].kind == "equal", run
            run = []
        run.append(row)
    if run:
        yield run[-1].kind == "equal", run


# -- values as blocks of words ---------------------------------------------------------------


def blocks_of(name: str, value: Any) -> Iterator[Block]:
    """The blocks of one field's value; none where it is empty."""
    if value in (None, "", [], {}):
        return
    if name == "body":
        yield from body_blocks(parse_blocks(value))
    elif name == "poll":
        yield from map(text_block, poll_lines(value))
    elif name == "lead_photo_text":
        for key, label in PHOTO_TEXT_LABELS.items():
            if key in value:
                yield text_block(f"{label}: {value[key]}")
    elif isinstance(value, list):
        yield from (Block("li", tuple(words_of(item_name(item)))) for item in value)
    elif isinstance(value, dict):
        yield text_block(photo_label(value) if name in PHOTO_FIELDS else value["name"])
    else:
        yield from map(text_block, value_text(name, str(value)).splitlines())


def photo_label(reference: dict[str, Any]) -> str:
    """What the library calls a photo now; its key where it is not there any more."""
    photo = Photo.objects.filter(pk=reference["id"]).only("alt").first()
    return f"{photo.alt if photo else reference['key']} (#{reference['id']})"


def item_name(item: Any) -> str:
    return str(item["name"]) if isinstance(item, dict) else str(item)


def value_text(name: str, value: str) -> str:
    """The text of a plain value: the label of a choice, a time as people read it."""
    field = Draft._meta.get_field(name)
    if isinstance(field, models.DateTimeField) and (at := parse_datetime(value)):
        return format_short_time(at)
    choices = dict(getattr(field, "flatchoices", ()))
    return str(choices.get(value, value))


def poll_lines(poll: dict[str, Any]) -> Iterator[str]:
    """A stored poll, one line for each of its values."""
    fields = Poll._meta.get_field
    for name in ("question", "title"):
        if poll[name]:
            yield f"{capfirst(str(fields(name).verbose_name))}: {poll[name]}"  # type: ignore[union-attr]
    for side in poll["sides"]:
        text = f"{SIDE_LABELS[side['key']]}: {side['argument']}"
        yield f"{text} ({side['label']}, {side['persona']})"
    for name in ("opens_at", "closes_at"):
        if at := parse_datetime(poll[name] or ""):
            label = capfirst(str(fields(name).verbose_name))  # type: ignore[union-attr]
            yield f"{label}: {format_short_time(at)}"
    if poll.get("election_day"):
        label = capfirst(str(fields("election_day").verbose_name))  # type: ignore[union-attr]
        yield f"{label}: {poll['election_day']}"
    yield f"{_now('results are shown')}: {Poll.Results(poll['results']).label}"


# -- the body ----------------------------------------------------------------------------------


def body_blocks(blocks: list[MarkupBlock], inside: str = "") -> Iterator[Block]:
    """The text blocks of a body in order; list items, quotes and cells by the block they are in."""
    for block in blocks:
        if block.tag == "img":
            address = block.attributes.get("src", "")
            text = f"[{_now('photo')}] {block.attributes.get('alt', '')}"
            yield Block("img", tuple(words_of(text, (f"→ {address}",))))
        elif "data-embed" in block.attributes:
            address = block.attributes["data-embed"]
            yield Block("embed", tuple(words_of(f"[{_now('embedded post')}] {address}")))
            yield from body_blocks(block.children, "figcaption")
        elif "data-related" in block.attributes:
            text = f"[{_now('related articles')}] {block.attributes['data-related']}"
            yield Block("aside", tuple(words_of(text)))
        elif block.tag == "hr":
            yield Block("hr", (Word("―"),))
        elif block.runs:
            kind = block.tag if block.tag != "p" else inside or "p"
            yield Block(kind, tuple(run_words(block)))
        else:
            is_place = block.tag in {"li", "td", "th", "blockquote", "aside"}
            place = (
                block.attributes.get("class") or block.tag
            )  # `pull-quote` is another than a quote
            yield from body_blocks(block.children, place if is_place else inside)


def run_words(block: MarkupBlock) -> Iterator[Word]:
    """The words of a text block, with their formatting."""
    for run in block.runs:
        marks = tuple(tag for mark, tag in MARK_TAGS if run.marks & mark)
        if run.link:
            marks = (*marks, f"→ {run.link.href}")
        yield from words_of(run.text, marks)
