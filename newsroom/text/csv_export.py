"""CSV for people: rows as a file that a spreadsheet opens as text, without running formulas. Pure."""

import csv
import io
from collections.abc import Iterable

# A cell that begins with one of these is a formula for a spreadsheet (CWE-1236).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8


def csv_document(rows: Iterable[Iterable[object]]) -> str:
    """The rows as one CSV document (RFC 4180), the text of each cell made safe; numbers stay numbers."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return BYTE_ORDER_MARK + file.getvalue()


def csv_cell(value: object) -> str | int | float:
    """A cell: text that would be a formula gets an apostrophe in front."""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS) else text
