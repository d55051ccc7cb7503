"""Ids of rows in submitted text."""

MAX_ID_DIGITS = 18


def is_id(text: str) -> bool:
    """Whether the text can be the id of a row: `isdigit` takes superscripts too, which `int` does not."""
    return text.isdecimal() and len(text) <= MAX_ID_DIGITS
