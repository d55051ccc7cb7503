"""Tables among the lines of a text: cells separated by tabs, bars or at least two spaces."""

import re
from collections.abc import Sequence

Row = tuple[str, ...]

CELL_SEPARATOR = re.compile(r"\s*[|│┃]\s*|\t+|\s{2,}")
# Lines of nothing but rules and corners.
RULE_LINE = re.compile(r"[\s─━═┌┐└┘├┤┬┴┼╋┏┓┗┛┣┫┳┻╂╔╗╚╝╠╣╦╩╬|│┃+=_\-–—*]{3,}")
TABLE_TITLE = re.compile(r"[\[<【]\s?표\s?[\]>】]\s?(?P<title>\S.{0,100})?")
MIN_ROWS, MIN_CELLS = 2, 2
MAX_CELL_CHARS = 60


def is_rule_line(line: str) -> bool:
    """Whether the line is drawn: `━━━━`, `├──┼──┤`."""
    return bool(RULE_LINE.fullmatch(line))


def parse_table_title(line: str) -> str | None:
    """The title of a line `[표] 연도별 보행자`, "" for the label alone; None for another line."""
    match = TABLE_TITLE.fullmatch(line)
    return (match["title"] or "").strip() if match else None


def split_cells(line: str) -> Row | None:
    """The cells of a line that may be a row of a table; None for a sentence or a single cell."""
    if not any(mark in line for mark in ("\t", "  ", "|", "│", "┃")):
        return None
    cells = tuple(CELL_SEPARATOR.split(line.strip("|│┃ ")))
    if len(cells) < MIN_CELLS or any(len(cell) > MAX_CELL_CHARS for cell in cells):
        return None
    return None if cells[-1].endswith("다.") else cells


def find_table(lines: Sequence[str], start: int) -> tuple[int, list[Row]]:
    """The index after the lines that look like a table from `start`, and its rows; no rows for no table.

    Rules between the rows belong to the table. Two lines of several cells make one, and a header may lack
    the first cell, which stands over the names of the rows.
    """
    rows: list[Row] = []
    end = start
    for index in range(start, len(lines)):
        cells = split_cells(lines[index])
        if cells is None and not (is_rule_line(lines[index]) and (rows or index == start)):
            break
        if cells:
            rows.append(cells)
        end = index + 1
    if len(rows) < MIN_ROWS or not have_similar_lengths(rows):
        return end, []
    width = max(map(len, rows))
    if len(rows[0]) == width - 1 and all(len(row) == width for row in rows[1:]):
        rows[0] = ("", *rows[0])
    return end, [row + ("",) * (width - len(row)) for row in rows]


def have_similar_lengths(rows: Sequence[Row]) -> bool:
    """Whether most rows have as many cells as the widest, or one fewer."""
    width = max(map(len, rows))
    return sum(len(row) >= width - 1 for row in rows) * 4 >= len(rows) * 3
