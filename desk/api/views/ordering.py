"""Ordering of lists of releases and bundles: waiting ones soonest first, settled ones latest first."""

from typing import Any

from desk.models.releases import WAITING
from newsroom.api.pagination import KeysetPagination


class SoonestDueFirst(KeysetPagination):
    """Keyset pagination, the soonest due time first."""

    order = ("due_at", "pk")


class LatestDueFirst(KeysetPagination):
    """Keyset pagination, the latest due time first."""

    order = ("-due_at", "-pk")


def filter_by_state(rows: Any, state: str | None) -> tuple[Any, type[KeysetPagination]]:
    """The rows in this state, and the paginator class that orders them.

    `state` is one of `Release.State`, `waiting` (pending or failed), or None for all.
    """
    if not state:
        return rows, LatestDueFirst
    states = WAITING if state == "waiting" else (state,)
    paginator_class = SoonestDueFirst if states[0] in WAITING else LatestDueFirst
    return rows.filter(state__in=states), paginator_class
