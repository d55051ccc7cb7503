"""Ignored readers: the two functions by which notifications ask who ignores whom.

Whoever ignores a reader is notified of nothing that the reader writes, and cannot notify the reader either.
"""


def is_ignored_by(reader_id: int, author_id: int) -> bool:
    """Whether the reader ignores the author. There is no way to ignore a reader yet."""
    return False


def ignored_author_ids(reader_id: int) -> list[int]:
    """The ids of those whom the reader ignores."""
    return []


def may_notify(*, author_id: int, reader_id: int) -> bool:
    """Whether what the author writes is notified to the reader: neither ignores the other."""
    return not is_ignored_by(reader_id, author_id) and not is_ignored_by(author_id, reader_id)
