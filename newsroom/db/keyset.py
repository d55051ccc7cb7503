"""Keyset pagination in SQL: the order of a list, and the rows after one of them. Pure."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q


def reversed_order(order: Sequence[str]) -> list[str]:
    """The `order_by` of the same columns from the other end."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def rows_after(order: Sequence[str], values: Sequence[Any], *, is_back: bool) -> Q:
    """Rows strictly after (with `is_back`: before) these sort values, in this order."""
    after, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column = name.removeprefix("-")
        is_descending = name.startswith("-") != is_back
        after |= equal & Q(**{f"{column}__{'lt' if is_descending else 'gt'}": value})
        equal &= Q(**{column: value})
    first, value = order[0], values[0]
    bound = "lte" if first.startswith("-") != is_back else "gte"
    # Redundant, but lets the database seek in the index instead of filtering.
    return Q(**{f"{first.removeprefix('-')}__{bound}": value}) & after
