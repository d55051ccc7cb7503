"""Paginators of the admin's lists."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic for mypy alone
    """Pages of a long list that is never counted whole; what lies further back is found by its filters."""

    MAX_ROWS = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: self.MAX_ROWS].count())
