"""Lists of plans: what waits in the order it goes out, everything else latest first."""

from typing import Any

from desk.models.releases import WAITING
from newsroom.api.pagination import KeysetPagination


class SoonestDueFirst(KeysetPagination):
    order = ("due_at", "pk")


class LatestDueFirst(KeysetPagination):
    order = ("-due_at", "-pk")


def filter_by_state(rows: Any, state: str | None) -> tuple[Any, type[KeysetPagination]]:
    """The rows in this state (`waiting` is pending or failed; None is all), and how they are cut."""
    if not state:
        return rows, LatestDueFirst
    wanted = WAITING if state == "waiting" else (state,)
    return rows.filter(state__in=wanted), SoonestDueFirst if wanted[
        0
    ] in WAITING else LatestDueFirst
