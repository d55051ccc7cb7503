"""Split a Yonhap text into lines, and find where the body begins and which lines look like captions."""

from collections.abc import Iterator
from dataclasses import dataclass

from wire.errors import TooLong, TooManyLines
from wire.parsers.yonhap.boilerplate import (
    RIGHTS_CONTINUATION,
    is_rights_line,
    is_rights_line_complete,
    split_glued_lines,
)
from wire.parsers.yonhap.captions import ends_with_full_stop, looks_like_caption, parse_caption
from wire.parsers.yonhap.embargo_lines import split_embargo_notes
from wire.parsers.yonhap.header import parse_opening, parse_signature

MIN_PROSE_CHARS = 100  # a longer line is a paragraph, whatever it ends in
MIN_LIST_LINES = 3  # so many short lines in a row are a list and not captions
MAX_DECK_LINES = 3  # where neither dateline nor prose follows
MAX_HEAD_LINES = 30  # a dateline further down does not open the body
MAX_PROSE_ABOVE = 2  # nor one below more lines of prose
MAX_LINES = 5_000  # a list of appointments has a few hundred
MAX_CHARS = 1_100_000  # of one story
BODY_SEARCH_LINES = 40  # so far below a signature the body is looked for


@dataclass(frozen=True, slots=True)
class WireLine:
    """One line of the story, and whether a blank line is before and after it."""

    text: str
    opens_block: bool
    closes_block: bool

    @property
    def is_isolated(self) -> bool:
        return self.opens_block and self.closes_block


def split_lines(text: str) -> Iterator[WireLine]:
    """The lines of the text: glued ones split, rights lines that were broken in two joined.

    Raises TooManyLines, TooLong.
    """
    blocks: list[list[str]] = [[]]
    broken: list[str] | None = None
    for piece in split_pieces(text):
        if not piece:
            blocks.append([])
            continue
        if broken and RIGHTS_CONTINUATION.search(piece):
            broken[-1] += f" {piece}"
        else:
            blocks[-1].append(piece)
            broken = blocks[-1] if is_rights_line(piece) else None
        if broken and is_rights_line_complete(broken[-1]):
            broken = None
    for block in blocks:
        last = len(block) - 1
        for index, piece in enumerate(block):
            yield WireLine(piece, index == 0, index == last)


def split_pieces(text: str) -> Iterator[str]:
    """The lines, stripped, and glued ones split; "" for a blank one.

    Raises TooManyLines and TooLong: each line is tried with some twenty regular expressions, and half a
    million lines took nine seconds.
    """
    if text.count("\n") >= MAX_LINES:
        raise TooManyLines(MAX_LINES)
    count = 0
    chars = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped:
            yield ""
        notes = split_embargo_notes(stripped)
        for piece in (part for note in notes for part in split_glued_lines(note)):
            count, chars = count + 1, chars + len(piece)
            if count > MAX_LINES:
                raise TooManyLines(MAX_LINES)
            if chars > MAX_CHARS:
                raise TooLong(MAX_CHARS)
            yield piece


def find_body_start(lines: list[WireLine], *, is_column: bool) -> int:
    """The index of the first line of the body: the dateline, else the first line of prose."""
    head = enumerate(lines[:MAX_HEAD_LINES])
    opening = next((index for index, _line in head if is_body_start(lines, index)), None)
    if opening is not None:
        return opening
    prose = (index for index, line in enumerate(lines) if is_prose(line.text))
    return next(prose, 0 if is_column else min(MAX_DECK_LINES, len(lines)))


def is_body_start(lines: list[WireLine], index: int) -> bool:
    """Whether the body begins here: a dateline with text, or reporters with prose below."""
    text = lines[index].text
    if parse_caption(text):
        return False
    opening = parse_opening(text)
    above, below = lines[:index], lines[index + 1 : index + 1 + BODY_SEARCH_LINES]
    prose_above = sum(is_prose(line.text) for line in above)
    if opening and opening.rest:
        return prose_above <= MAX_PROSE_ABOVE
    if not opening and not parse_signature(text):
        return False
    return not prose_above and any(is_prose(line.text) for line in below)


def is_prose(line: str) -> bool:
    """Whether a line is long, or ends with a full stop, and is neither caption nor signature."""
    if parse_caption(line) or parse_signature(line):
        return False
    return len(line) > MIN_PROSE_CHARS or ends_with_full_stop(line)


def lone_caption_lines(lines: list[WireLine]) -> set[int]:
    """The indexes of short lines between blank lines that look like captions; many in a row are a list."""
    runs: list[list[int]] = []
    for index, line in enumerate(lines):
        if not index or not is_isolated(lines, index) or not looks_like_caption(line.text):
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return {index for run in runs if len(run) < MIN_LIST_LINES for index in run}


def is_isolated(lines: list[WireLine], index: int) -> bool:
    """Whether blank lines are around the line, or around it and the credit below it."""
    line = lines[index]
    if line.is_isolated or not line.opens_block or index + 1 == len(lines):
        return line.is_isolated
    below = lines[index + 1]
    credit = parse_caption(below.text)
    return bool(credit and not credit.text and below.closes_block and not below.opens_block)
