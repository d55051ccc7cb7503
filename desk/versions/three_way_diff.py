"""Three-way word diff: two texts side by side, each compared with the text that both began with. Pure.

Blocks of both sides are aligned by the block of the base that they come from, so that the same paragraph of
both stands in one row. The comparison itself is that of `newsroom.text.word_diff`.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from newsroom.text.word_diff import (
    Block,
    Budget,
    Operation,
    RowKind,
    Segment,
    Word,
    block_spans,
    merged,
    pair_blocks,
    segments_of,
    word_spans,
)


class Cell(NamedTuple):
    """A block of one side with what was removed of the base and what was added, in reading order."""

    kind: RowKind
    tag: str  # as `Block.kind`
    segments: tuple[Segment, ...]


class SidesRow(NamedTuple):
    """The same passage on both sides; None where a side has added nothing beside the other's addition."""

    kind: Literal["equal", "changed"]
    theirs: Cell | None
    mine: Cell | None


class SideCells(NamedTuple):
    """The cells of one side: of each block of the base, and those added before each and at the end."""

    of_base: list[Cell]
    added: list[list[Cell]]


def diff_sides(
    base: Sequence[Block], theirs: Sequence[Block], mine: Sequence[Block], budget: Budget
) -> list[SidesRow]:
    """The rows of both sides, in the order of the base."""
    their_cells, my_cells = (cells_of(base, side, budget) for side in (theirs, mine))
    rows: list[SidesRow] = []
    for n in range(len(base) + 1):
        added = zip_longest(their_cells.added[n], my_cells.added[n])
        rows += [SidesRow("changed", *cells) for cells in added]
        if n < len(base):
            rows.append(row_of_block(their_cells.of_base[n], my_cells.of_base[n]))
    return rows


def row_of_block(theirs: Cell, mine: Cell) -> SidesRow:
    is_equal = theirs.kind == mine.kind == "equal"
    return SidesRow("equal" if is_equal else "changed", theirs, mine)


def cells_of(base: Sequence[Block], side: Sequence[Block], budget: Budget) -> SideCells:
    """The cells of one side, by the blocks of the base."""
    cells = SideCells([], [[] for _ in range(len(base) + 1)])
    for op, i1, i2, j1, j2 in block_spans(base, side):
        pairs: Iterable[tuple[Block | None, Block | None]] = (
            zip(base[i1:i2], side[j1:j2], strict=True)
            if op == "equal"
            else pair_blocks(base[i1:i2], side[j1:j2])
        )
        for old, new in pairs:
            cell = cell_of(old, new, budget)
            if old is None:
                cells.added[len(cells.of_base)].append(cell)
            else:
                cells.of_base.append(cell)
    return cells


def cell_of(old: Block | None, new: Block | None, budget: Budget) -> Cell:
    """The cell of a block of the base and what a side has made of it; None for none."""
    if new is None:
        return Cell(
            "removed", old.kind if old else "", segments_of(old.words if old else (), "delete")
        )
    if old is None:
        return Cell("added", new.kind, segments_of(new.words, "insert"))
    if old.key == new.key:
        return Cell("equal", new.kind, segments_of(new.words, "equal"))
    marked: list[tuple[Operation, Word]] = []
    for op, i1, i2, j1, j2 in word_spans(old.words, new.words, budget):
        if op == "equal":
            marked += [("equal", word) for word in new.words[j1:j2]]
        else:
            marked += [("delete", word) for word in old.words[i1:i2]]
            marked += [("insert", word) for word in new.words[j1:j2]]
    return Cell("changed", new.kind, merged(marked))
