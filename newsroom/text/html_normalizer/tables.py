"""Tables: layout tables are unwrapped, data tables made rectangular, as the editor requires."""

from newsroom.text.html_normalizer.nodes import Block

MAX_COLUMNS = 50
# Cells that are added may be this many times as many as there are.
MAX_PADDING = 4
IN_LAYOUT = {"table", "hr"}


def tidy_table(table: Block, *, has_role_of_layout: bool) -> list[Block]:
    """A data table, its caption before it; of a layout table what was in its cells."""
    captions = [
        child for part in table.children if part.tag == "caption" for child in part.children
    ]
    rows = [row for row in table.children if row.tag == "tr" and row.children]
    if has_role_of_layout or is_layout(rows) or not fill_grid(rows):
        return captions + [
            child for row in rows for cell in row.children for child in cell.children
        ]
    return [*captions, Block("table", children=rows)]


def is_layout(rows: list[Block]) -> bool:
    """Whether a table is for layout: rows and columns carry no meaning."""
    cells = [cell for row in rows for cell in row.children]
    if any(child.tag in IN_LAYOUT for cell in cells for child in cell.children):
        return True
    if any(cell.tag == "th" for cell in cells):
        return False
    filled = [sum(bool(cell.children) for cell in row.children) for row in rows]
    return len(rows) < 2 or max(filled, default=0) < 2


def fill_grid(rows: list[Block]) -> bool:
    """Give each row the same number of columns (HTML, section 4.9.12); False where it has too many."""
    cells = sum(len(row.children) for row in rows)
    occupied: list[dict[int, int]] = []  # for each row, columns that a cell from above reaches into
    below: dict[int, int] = {}
    widths: list[int] = []
    for number, row in enumerate(rows):
        occupied.append(below)
        below, width = place_row(row, below, rows_left=len(rows) - number)
        widths.append(width)
    width = max(widths, default=0)
    if width > MAX_COLUMNS or width * len(rows) > MAX_PADDING * cells + 100:
        return False
    for row, own in zip(rows, widths, strict=True):
        row.children += [Block("td") for _column in range(width - own)]
    return True


def place_row(
    row: Block, occupied: dict[int, int], *, rows_left: int
) -> tuple[dict[int, int], int]:
    """Place the cells into the columns that are free; what reaches into the next row, and the width."""
    below = {column: rows - 1 for column, rows in occupied.items() if rows > 1}
    column = 0
    for cell in row.children:
        while column in occupied:
            column += 1
        wide = min(span(cell, "colspan"), MAX_COLUMNS)
        wide = next((n for n in range(1, wide) if column + n in occupied), wide)
        high = min(span(cell, "rowspan"), rows_left)
        cell.attributes |= {"colspan": str(wide), "rowspan": str(high)}
        for name in ("colspan", "rowspan"):
            if cell.attributes[name] == "1":
                del cell.attributes[name]
        if high > 1:
            below |= {column + n: high - 1 for n in range(wide)}
        column += wide
    return below, max([column, *(known + 1 for known in occupied)])


def span(cell: Block, name: str) -> int:
    text = cell.attributes.get(name, "1")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
