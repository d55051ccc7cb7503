"""Lists of plans: what waits in the order it goes out, everything else latest first."""

from typing import Any

from desk.models.releases import WAITING
from newsroom.api.pagination import KeysetPage


class NextFirst(KeysetPage):
    order = ("due_at", "pk")


class LatestFirst(KeysetPage):
    order = ("-due_at", "-pk")


def in_state(rows: Any, state: str | None) -> tuple[Any, type[KeysetPage]]:
    """The rows in this state (`waiting` is pending or failed; None is all), and how they are cut."""
    if not state:
        return rows, LatestFirst
    wanted = WAITING if state == "waiting" else (state,)
    return rows.filter(state__in=wanted), NextFirst if wanted[0] in WAITING else LatestFirst
