"""Ignored readers in notifications: neither of two readers notifies the other if one ignores the other."""

from accounts.models import IgnoredReader


def is_ignored_by(reader_id: int, author_id: int) -> bool:
    """Whether the reader ignores the author."""
    return IgnoredReader.objects.of_reader(reader_id).filter(author=author_id).exists()


def ignored_author_ids(reader_id: int) -> list[int]:
    """The ids of those whom the reader ignores."""
    return list(IgnoredReader.objects.of_reader(reader_id).values_list("author", flat=True))


def may_notify(*, author_id: int, reader_id: int) -> bool:
    """Whether what the author writes is notified to the reader: neither ignores the other."""
    return not is_ignored_by(reader_id, author_id) and not is_ignored_by(author_id, reader_id)
