"""Word diff of two versions of a wire story, field by field. Pure."""

from typing import NamedTuple

from newsroom.text.word_diff import Block, Budget, Row, diff_blocks, text_block
from wire.models import Version

FIELDS = ("headline", "marks", "deck", "text", "captions", "rights")


class FieldDiff(NamedTuple):
    """A field that differs, with the rows of both sides."""

    field: str
    rows: list[Row]


def diff_versions(before: Version, after: Version) -> list[FieldDiff]:
    """The fields that differ, in the order in which they are read."""
    budget = Budget()
    old, new = blocks_by_field(before), blocks_by_field(after)
    rows = {name: diff_blocks(old[name], new[name], budget) for name in FIELDS}
    return [
        FieldDiff(name, found)
        for name, found in rows.items()
        if any(row.kind != "equal" for row in found)
    ]


def blocks_by_field(version: Version) -> dict[str, list[Block]]:
    """The parts of a version as blocks of words."""
    return {
        "headline": [text_block(version.headline)],
        "marks": [text_block(mark) for mark in version.marks],
        "deck": [text_block(line) for line in version.deck],
        "text": text_blocks(version),
        "captions": [text_block(caption_line(caption)) for caption in version.captions],
        "rights": [text_block(line) for line in version.rights.splitlines()],
    }


def text_blocks(version: Version) -> list[Block]:
    """Paragraphs, subheads, lists and tables in order; of a table each row is a block."""
    if not version.blocks:
        return [text_block(text, "paragraph") for text in version.paragraphs]
    blocks = []
    for block in version.blocks:
        if rows := block.get("rows"):
            blocks += [text_block(" | ".join(row), block["kind"]) for row in rows]
        else:
            blocks.append(text_block(block["text"], block["kind"]))
    return blocks


def caption_line(caption: dict[str, str]) -> str:
    credit = caption.get("credit")
    return f"{caption['text']} [{credit}]" if credit else caption["text"]
