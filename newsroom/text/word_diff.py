"""Word diff of two texts, side by side: blocks are aligned first, then the words of each pair. Pure.

The comparison itself is difflib's. Its time grows with the square of the input in the worst case, so
the work is bounded: what exceeds the bounds is shown as removed and added as a whole.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal, NamedTuple

Operation = Literal["equal", "delete", "insert"]
RowKind = Literal["equal", "changed", "removed", "added"]
Span = tuple[str, int, int, int, int]
LETTER = re.compile(r"\w")
WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
# Two blocks are versions of each other where they share so much of their words.
MIN_SIMILARITY = 0.3
MAX_ALIGNED_BLOCKS = 3000  # of both sides together; beyond, equal positions are compared
MAX_COMPARED_PAIRS = (
    2500  # pairs of blocks in one changed stretch that are compared with each other
)
MAX_WORDS_OF_PAIR = 1500  # of both blocks together, without their common beginning and end
MAX_WORD_PRODUCTS = 4_000_000  # words × words of all pairs of a diff


class Word(NamedTuple):
    """A word with the white space behind it; `marks` is its formatting: `strong`, `link: https://…`."""

    text: str
    marks: tuple[str, ...] = ()

    @property
    def key(self) -> Hashable:
        return self.text.rstrip(), self.marks


class Block(NamedTuple):
    """A paragraph, heading, list item or the like; `kind` is an HTML tag, "" for plain text."""

    kind: str
    words: tuple[Word, ...]

    @property
    def key(self) -> Hashable:
        return self.kind, tuple(word.key for word in self.words)


class Segment(NamedTuple):
    """Consecutive words of one side with the same operation and formatting."""

    op: Operation
    text: str
    marks: tuple[str, ...]


class Row(NamedTuple):
    """A line of the side-by-side view: a block of each side, or of one alone."""

    kind: RowKind
    before_kind: str
    before: tuple[Segment, ...]
    after_kind: str
    after: tuple[Segment, ...]


@dataclass
class Budget:
    """What is left of the work that one diff may take."""

    products: int = field(default=MAX_WORD_PRODUCTS)

    def take(self, before: int, after: int) -> bool:
        """Whether so many words may be compared with each other; takes it off the budget."""
        if before + after > MAX_WORDS_OF_PAIR or before * after > self.products:
            return False
        self.products -= before * after
        return True


def words_of(text: str, marks: tuple[str, ...] = ()) -> list[Word]:
    return [Word(match[0], marks) for match in WORD.finditer(text)]


def text_block(text: str, kind: str = "") -> Block:
    return Block(kind, tuple(words_of(text)))


def diff_blocks(before: Sequence[Block], after: Sequence[Block], budget: Budget) -> list[Row]:
    """The rows of two lists of blocks, in their order."""
    rows: list[Row] = []
    for op, i1, i2, j1, j2 in block_spans(before, after):
        if op == "equal":
            rows += [equal_row(block) for block in after[j1:j2]]
        else:
            for old, new in pair_blocks(before[i1:i2], after[j1:j2]):
                rows.append(row_of_pair(old, new, budget))
    return rows


def block_spans(before: Sequence[Block], after: Sequence[Block]) -> list[Span]:
    """The stretches of equal and of differing blocks."""
    old, new = [block.key for block in before], [block.key for block in after]
    if len(old) + len(new) > MAX_ALIGNED_BLOCKS:
        return positional_spans(old, new)
    return list(SequenceMatcher(None, old, new).get_opcodes())


def positional_spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Span]:
    """Spans of one block each, the first with the first."""
    shared = min(len(old), len(new))
    spans: list[Span] = [
        ("equal" if old[n] == new[n] else "replace", n, n + 1, n, n + 1) for n in range(shared)
    ]
    if len(old) != len(new):
        spans.append(("replace", shared, len(old), shared, len(new)))
    return spans


def pair_blocks(
    before: Sequence[Block], after: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    """The blocks of a differing stretch in order, those beside each other that are alike."""
    if len(before) == len(after) == 1:
        pairs = [(0, 0)]  # one took the place of the other
    elif len(before) * len(after) > MAX_COMPARED_PAIRS:
        shared = min(len(before), len(after))
        pairs = [(n, n) for n in range(shared)]
    else:
        pairs = similar_pairs(before, after)
    i = j = 0
    for old, new in [*pairs, (len(before), len(after))]:
        yield from ((block, None) for block in before[i:old])
        yield from ((None, block) for block in after[j:new])
        if old < len(before) and new < len(after):
            yield before[old], after[new]
        i, j = old + 1, new + 1


def similar_pairs(before: Sequence[Block], after: Sequence[Block]) -> list[tuple[int, int]]:
    """Index pairs of alike blocks, rising on both sides, of the greatest similarity together."""
    counts = [[Counter(word.key for word in b.words) for b in side] for side in (before, after)]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            value = similarity(counts[0][i], counts[1][j])
            alike[i, j] = value
            paired = value + best[i + 1][j + 1] if value >= MIN_SIMILARITY else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = list[tuple[int, int]](), 0, 0
    while i < len(before) and j < len(after):
        if alike[i, j] >= MIN_SIMILARITY and best[i][j] == alike[i, j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def similarity(before: Counter[Any], after: Counter[Any]) -> float:
    """Share of common words, from 0 to 1 (Sørensen–Dice)."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def row_of_pair(before: Block | None, after: Block | None, budget: Budget) -> Row:
    if before is None or after is None:
        kind: RowKind = "removed" if after is None else "added"
        old = segments_of(before.words, "delete") if before else ()
        new = segments_of(after.words, "insert") if after else ()
        return Row(kind, before.kind if before else "", old, after.kind if after else "", new)
    old_marked, new_marked = list[tuple[Operation, Word]](), list[tuple[Operation, Word]]()
    for op, i1, i2, j1, j2 in word_spans(before.words, after.words, budget):
        is_equal = op == "equal"
        old_marked += [("equal" if is_equal else "delete", word) for word in before.words[i1:i2]]
        new_marked += [("equal" if is_equal else "insert", word) for word in after.words[j1:j2]]
    return Row("changed", before.kind, merged(old_marked), after.kind, merged(new_marked))


def word_spans(before: Sequence[Word], after: Sequence[Word], budget: Budget) -> Iterator[Span]:
    """The stretches of equal and of differing words. Common beginnings and ends cost nothing."""
    old, new = [word.key for word in before], [word.key for word in after]
    head = common_length(zip(old, new, strict=False))
    tail = common_length(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    old_end, new_end = len(old) - tail, len(new) - tail
    yield "equal", 0, head, 0, head
    old_middle, new_middle = old[head:old_end], new[head:new_end]
    if budget.take(len(old_middle), len(new_middle)):
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
        for op, i1, i2, j1, j2 in matcher.get_opcodes():
            # Punctuation alone between two changes is no landmark for the eye.
            is_equal = op == "equal" and any(
                LETTER.search(word.text) for word in before[i1 + head : i2 + head]
            )
            yield "equal" if is_equal else "replace", i1 + head, i2 + head, j1 + head, j2 + head
    else:
        yield "replace", head, old_end, head, new_end
    yield "equal", old_end, len(old), new_end, len(new)


def common_length(pairs: Any) -> int:
    """How many pairs are equal before the first that is not."""
    count = 0
    for old, new in pairs:
        if old != new:
            break
        count += 1
    return count


def equal_row(block: Block) -> Row:
    segments = segments_of(block.words, "equal")
    return Row("equal", block.kind, segments, block.kind, segments)


def segments_of(words: Sequence[Word], op: Operation) -> tuple[Segment, ...]:
    return merged([(op, word) for word in words])


def merged(words: Sequence[tuple[Operation, Word]]) -> tuple[Segment, ...]:
    """Segments of these words; neighbours alike are one."""
    runs = groupby(words, key=lambda pair: (pair[0], pair[1].marks))
    return tuple(
        Segment(op, "".join(word.text for _op, word in run), marks) for (op, marks), run in runs
    )
