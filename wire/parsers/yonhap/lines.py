"""The lines of a wire text, and which of them open the body or stand alone like captions."""

from collections.abc import Iterator
from dataclasses import dataclass

from wire.errors import TooManyLines
from wire.parsers.yonhap.boilerplate import (
    RIGHTS_CONTINUATION,
    is_rights_line,
    is_rights_line_complete,
    split_glued_lines,
)
from wire.parsers.yonhap.bylines import parse_opening, parse_signature
from wire.parsers.yonhap.captions import ends_with_full_stop, looks_like_caption, parse_caption
from wire.parsers.yonhap.embargo_lines import split_embargo_notes

PROSE = 100  # a line longer than this is a paragraph, whatever it ends in
LIST = 3  # so many short lines in a row are a list and not captions
DECKS = 3  # so many lines may be deck where neither dateline nor prose follows
HEAD, BODY = 30, 3  # a dateline does not open the story so far down, or below so much prose
MAX_LINES = 5_000  # a list of appointments has a few hundred
SIGHT = 40  # so far below a signature the body is looked for


@dataclass(frozen=True, slots=True)
class WireLine:
    """One line of the story; `alone` when blank lines stand before and after it."""

    text: str
    opens_block: bool
    closes_block: bool

    @property
    def is_isolated(self) -> bool:
        return self.opens_block and self.closes_block


def split_lines(text: str) -> Iterator[WireLine]:
    """The lines of the text, glued ones cut apart, rights lines that were broken in two joined.

    Raises TooManyLines.
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
        for at, piece in enumerate(block):
            yield WireLine(piece, at == 0, at == last)


def split_pieces(text: str) -> Iterator[str]:
    """The lines without spaces around them, glued ones cut apart; "" for a blank one.

    Raises TooManyLines: each is tried with some twenty regular expressions, and half a million of them
    took nine seconds.
    """
    if text.count("\n") >= MAX_LINES:
        raise TooManyLines(MAX_LINES)
    count = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped:
            yield ""
        for piece in (
            part for words in split_embargo_notes(stripped) for part in split_glued_lines(words)
        ):
            count += 1
            if count > MAX_LINES:
                raise TooManyLines(MAX_LINES)
            yield piece


def find_body_start(lines: list[WireLine], *, column: bool) -> int:
    """Where the body begins: at the dateline, else at the first line that reads as prose."""
    opening = next((at for at, line in enumerate(lines[:HEAD]) if is_body_start(lines, at)), None)
    if opening is not None:
        return opening
    prose = (at for at, line in enumerate(lines) if is_prose(line.text))
    return next(prose, 0 if column else min(DECKS, len(lines)))


def is_body_start(lines: list[WireLine], at: int) -> bool:
    """Whether the body begins here: a dateline and words, or reporters and words below."""
    text = lines[at].text
    if parse_caption(text):
        return False
    opening = parse_opening(text)
    above, below = lines[:at], lines[at + 1 : at + 1 + SIGHT]
    prose_above = sum(is_prose(line.text) for line in above)
    if opening and opening.rest:
        return prose_above < BODY
    if not opening and not parse_signature(text):
        return False
    return not prose_above and any(is_prose(line.text) for line in below)


def is_prose(line: str) -> bool:
    if parse_caption(line) or parse_signature(line):
        return False
    return len(line) > PROSE or ends_with_full_stop(line)


def lone_caption_lines(lines: list[WireLine]) -> set[int]:
    """The short lines that stand alone: captions by their looks. Many in a row are a list."""
    runs: list[list[int]] = []
    for at, line in enumerate(lines):
        if not at or not stands_alone(lines, at) or not looks_like_caption(line.text):
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return {at for run in runs if len(run) < LIST for at in run}


def stands_alone(lines: list[WireLine], at: int) -> bool:
    """Whether blank lines stand around it, or around it and the credit below it."""
    line = lines[at]
    if line.is_isolated or not line.opens_block or at + 1 == len(lines):
        return line.is_isolated
    below = lines[at + 1]
    credit = parse_caption(below.text)
    return bool(credit and not credit.text and below.closes_block and not below.opens_block)
