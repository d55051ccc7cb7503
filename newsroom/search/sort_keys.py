"""Sort keys of indexed rows, and the index terms of days. Pure."""

from datetime import date, datetime

ROW_ID_BITS = 24  # low bits of a sort key


def make_sort_key(moment: datetime, row_id: int = 0) -> int:
    """Sort key of a row of this moment: hundredths of a second, then the row's id.

    Unique by the id in the low bits; without an id the lowest key of that moment.
    """
    return (int(moment.timestamp() * 100) << ROW_ID_BITS) | row_id % (1 << ROW_ID_BITS)


def date_terms(day: date) -> tuple[str, str, str]:
    """The terms of a day, its month and its year."""
    return f"_d{day:%Y%m%d}", f"_m{day:%Y%m}", f"_y{day:%Y}"
