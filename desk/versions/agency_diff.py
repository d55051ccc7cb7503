"""Word diff of two versions of agency copy, in the rows that the versions of a draft are compared with."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from desk.versions.comparison import FieldDifference
from newsroom.text.word_diff import Block, Budget, diff_blocks, text_block
from wire.models import Version


def compare_copy(before: Version, after: Version) -> list[FieldDifference]:
    """The parts of the copy in which the two differ, in the order in which an agency sends them."""
    budget, differences = Budget(), list[FieldDifference]()
    for name, label in part_labels().items():
        rows = diff_blocks(list(blocks_of(before, name)), list(blocks_of(after, name)), budget)
        if any(row.kind != "equal" for row in rows):
            differences.append(FieldDifference(name, label, rows))
    return differences


def part_labels() -> dict[str, str]:
    """{part of the copy: its label}."""
    return {
        "headline": _("Headline"),
        "deck": _("Deck"),
        "text": _("Text"),
        "captions": _("Captions"),
        "rights": _("Rights"),
    }


def blocks_of(version: Version, name: str) -> Iterator[Block]:
    """The blocks of one part; a row of a table is one of them."""
    if name == "headline":
        yield text_block(version.headline)
    elif name == "deck":
        yield from map(text_block, version.deck)
    elif name == "text":
        yield from text_blocks(version)
    elif name == "captions":
        for caption in version.captions:
            yield text_block(" ".join(filter(None, (caption["text"], caption.get("credit")))))
    else:
        yield from map(text_block, filter(None, (version.rights, version.usage_terms)))


def text_blocks(version: Version) -> Iterator[Block]:
    """The text in order; of versions from before blocks were stored, its paragraphs."""
    for block in version.blocks or [{"text": text} for text in version.paragraphs]:
        kind = "h2" if block.get("kind") == "subhead" else "p"
        if block.get("rows"):
            yield from (text_block(" | ".join(row), "tr") for row in block["rows"])
        elif block.get("text"):
            yield text_block(block["text"], kind)
