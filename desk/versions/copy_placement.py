"""Placement of what an agency changed in the body of a draft: the block it replaces, or its place. Pure.

Blocks of both versions of the copy are aligned with the blocks of the draft, so that the desk's own
paragraphs stay where they are. The comparison itself is that of `newsroom.text.word_diff`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from desk.versions.comparison import body_blocks
from newsroom.text.html_normalizer.nodes import Block as MarkupBlock
from newsroom.text.html_normalizer.nodes import serialize
from newsroom.text.word_diff import (
    LETTER,
    Block,
    Budget,
    Row,
    Word,
    block_spans,
    diff_blocks,
    pair_blocks,
    similarity,
    text_block,
)

MIN_SHARED_WORDS = 0.5  # more than a diff asks for: a wrong pair would replace words of the desk
# `same`: the agency changed nothing; `taken`: the draft has it already; `replace`: the draft has the former
# words of the agency; `edited`: the desk has changed them; `insert`: the draft has nothing of it.
State = Literal["same", "taken", "replace", "edited", "insert"]


class BlockChange(NamedTuple):
    """What taking a row over does to a list of blocks: `removed` of them at `position` become `added`."""

    state: State
    position: int = 0
    removed: int = 0
    added: tuple[MarkupBlock, ...] = ()


class Counterpart(NamedTuple):
    """The block of a draft that comes from a block of the agency, word for word or not."""

    position: int
    is_equal: bool


class PlacedRow(NamedTuple):
    """A row of the diff of two versions of agency copy, with what taking it over changes in the draft.

    `own`: what the draft has there in other words than the agency's, as text.
    """

    number: int
    row: Row
    change: BlockChange
    own: str = ""

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def rows(self) -> list[Row]:
        """The row alone, for the template of a diff."""
        return [self.row]

    @property
    def can_be_taken(self) -> bool:
        return self.change.state in {"replace", "edited", "insert"}


def place_rows(
    before: Sequence[MarkupBlock], after: Sequence[MarkupBlock], draft: Sequence[MarkupBlock]
) -> list[PlacedRow]:
    """The rows of the diff of two bodies of the agency, each with its change of the draft."""
    old, new, own = ([as_words(block) for block in side] for side in (before, after, draft))
    present = equal_positions(new, own)
    former = {
        n: found
        for n, found in counterparts(old, own).items()
        if found.position not in present.values()
    }
    placed, i, j, anchor = list[PlacedRow](), 0, 0, 0
    for number, row in enumerate(diff_blocks(old, new, Budget())):
        has_old, has_new = row.kind != "added", row.kind != "removed"
        here = present.get(j) if has_new else None
        origin = former.get(i) if has_old else None
        added = (after[j],) if has_new else ()
        change = block_change(row, here=here, origin=origin, anchor=anchor, added=added)
        is_edited = change.state == "edited"
        placed.append(
            PlacedRow(number, row, change, text_of(own[change.position]) if is_edited else "")
        )
        if here is not None or origin is not None:
            anchor = 1 + (here if here is not None else origin.position if origin else 0)
        i, j = i + has_old, j + has_new
    return placed


def block_change(
    row: Row,
    *,
    here: int | None,
    origin: Counterpart | None,
    anchor: int,
    added: tuple[MarkupBlock, ...],
) -> BlockChange:
    """What taking over one row changes. `here`: the block of the draft with the new words; `origin`: that
    with the former ones; `anchor`: behind what precedes it."""
    if row.kind == "equal":
        return BlockChange("same")
    if here is not None or (origin is None and not added):
        return BlockChange("taken")
    if origin is not None:
        return BlockChange("replace" if origin.is_equal else "edited", origin.position, 1, added)
    return BlockChange("insert", anchor, 0, added)


def html_with(draft: Sequence[MarkupBlock], change: BlockChange) -> str:
    """The HTML of a body in which a row was taken over; still to be sanitized."""
    blocks = list(draft)
    blocks[change.position : change.position + change.removed] = change.added
    return serialize(blocks)


def equal_positions(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    """{index: index of the same block on the other side}, in rising order on both."""
    return {n: found.position for n, found in counterparts(old, new).items() if found.is_equal}


def counterparts(old: Sequence[Block], new: Sequence[Block]) -> dict[int, Counterpart]:
    """{index: the block on the other side that is the same, or alike}."""
    found = dict[int, Counterpart]()
    for op, i1, i2, j1, j2 in block_spans(old, new):
        if op == "equal":
            found |= {i1 + n: Counterpart(j1 + n, is_equal=True) for n in range(i2 - i1)}
            continue
        i, j = i1, j1
        for one, other in pair_blocks(old[i1:i2], new[j1:j2]):
            if one and other and is_alike(one, other):
                found[i] = Counterpart(j, is_equal=False)
            i, j = i + (one is not None), j + (other is not None)
    return found


def is_alike(one: Block, other: Block) -> bool:
    """Whether two blocks share enough words that one is taken for the other, edited."""
    return similarity(*(Counter(letters_of(block)) for block in (one, other))) >= MIN_SHARED_WORDS


def letters_of(block: Block) -> list[str]:
    """The words of a block, without punctuation and formatting."""
    return [word.text.rstrip() for word in block.words if LETTER.search(word.text)]


def as_words(block: MarkupBlock) -> Block:
    """A whole block of a body, with all that is in it, as one block of words."""
    if block.tag == "table":
        rows = [" | ".join(text_within(cell) for cell in row.children) for row in block.children]
        return text_block("\n".join(rows), "table")
    parts, words = list(body_blocks([block])), list[Word]()
    if len(parts) == 1:
        return parts[0]
    for part in parts:
        words += [Word("\n"), *part.words] if words else part.words
    return Block(block.tag, tuple(words))


def text_within(block: MarkupBlock) -> str:
    """The text of a block and of those in it."""
    own = "".join(run.text for run in block.runs)
    return " ".join(filter(None, [own, *map(text_within, block.children)]))


def text_of(block: Block) -> str:
    return "".join(word.text for word in block.words)
