"""Paginators of admin lists."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic for mypy alone
    """Paginator of a long table that counts at most MAX_ROWS rows; older ones are found by filters."""

    MAX_ROWS = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: self.MAX_ROWS].count())
