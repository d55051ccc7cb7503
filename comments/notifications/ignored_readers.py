"""Ignored readers in notifications: neither of two readers notifies the other if one ignores the other."""

from collections.abc import Collection

from accounts.models import IgnoredReader


def ignored_author_ids(reader_id: int) -> list[int]:
    """The ids of those whom the reader ignores."""
    return list(IgnoredReader.objects.of_reader(reader_id).values_list("author", flat=True))


def readers_apart(author_id: int, reader_ids: Collection[int]) -> set[int]:
    """Those of these readers who ignore the author or whom the author ignores. Two statements."""
    ignored = IgnoredReader.objects.of_reader(author_id).filter(author__in=reader_ids)
    ignoring = IgnoredReader.objects.of_author(author_id).filter(reader__in=reader_ids)
    return {*ignored.values_list("author", flat=True), *ignoring.values_list("reader", flat=True)}
