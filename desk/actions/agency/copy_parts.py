"""What an agency changed between two versions of its copy, and what taking it over does to a draft."""

from typing import NamedTuple

from desk.actions.agency.copy_text import body_from, fields_from
from desk.models import Draft
from desk.rendering import clean_body
from desk.versions.agency_diff import compare_copy, part_labels
from desk.versions.comparison import Passage, fold
from desk.versions.copy_placement import BlockChange, PlacedRow, html_with, place_rows
from newsroom.text.html_normalizer import parse_blocks
from newsroom.text.html_normalizer.nodes import Block
from newsroom.text.word_diff import Budget, diff_blocks, text_block
from wire.models import Version

LINES = ("headline", "deck")  # parts that are a single-line field of the draft


class CopyPart(NamedTuple):
    """A part of the copy that differs. Of `captions` and `rights` nothing is taken over."""

    name: str
    label: str
    rows: list[PlacedRow]

    def passages(self) -> list[Passage[PlacedRow]]:
        """The rows, with long stretches of equal ones folded."""
        return list(fold(self.rows))


def copy_parts(draft: Draft, before: Version, after: Version) -> list[CopyPart]:
    """The parts in which two versions of the copy differ, in the order in which an agency sends them."""
    parts = list[CopyPart]()
    shown = {difference.name: difference for difference in compare_copy(before, after)}
    for name, label in part_labels().items():
        if name in LINES:
            rows = line_rows(draft, name, before, after)
        elif name == "text":
            rows = place_rows(parse_copy(before), parse_copy(after), parse_blocks(draft.body))
        else:
            difference = shown.get(name)
            found = difference.rows if difference else []
            rows = [PlacedRow(n, row, BlockChange("same")) for n, row in enumerate(found)]
        if any(row.kind != "equal" for row in rows):
            parts.append(CopyPart(name, label, rows))
    return parts


def parse_copy(version: Version) -> list[Block]:
    """The text of agency copy as the blocks that a draft begun from it has, without photos."""
    return parse_blocks(clean_body(body_from(version, {})))


def line_rows(draft: Draft, name: str, before: Version, after: Version) -> list[PlacedRow]:
    """The one row of a single-line field; `own` is the draft's line where it is neither of the agency's."""
    old, new, own = fields_from(before)[name], fields_from(after)[name], str(getattr(draft, name))
    if old == new:
        return []
    before_blocks, after_blocks = ([text_block(text)] if text else [] for text in (old, new))
    row = diff_blocks(before_blocks, after_blocks, Budget())[0]
    if own == new:
        return [PlacedRow(0, row, BlockChange("taken"))]
    is_edited = own != old
    return [
        PlacedRow(
            0, row, BlockChange("edited" if is_edited else "replace"), own if is_edited else ""
        )
    ]


def fields_of_change(
    draft: Draft, name: str, number: int, *, before: Version, after: Version
) -> dict[str, str]:
    """{field: value} of the draft in which row `number` of a part is taken over; empty where it has that
    already, or there is no such row."""
    parts = {part.name: part for part in copy_parts(draft, before, after)}
    rows = parts[name].rows if name in parts else []
    placed = rows[number] if 0 <= number < len(rows) else None
    if placed is None or not placed.can_be_taken:
        return {}
    if name in LINES:
        return {name: fields_from(after)[name]}
    return {"body": html_with(parse_blocks(draft.body), placed.change)}
