"""Block of the desk home: some rows with a heading that leads to their full list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet

from newsroom.admin.base import StrOrPromise

MAX_ROWS = 8


@dataclass(frozen=True)
class Block:
    """One block: its rows, which `desk/home/<name>.html` shows, and the URL of the list they are from.

    `empty` is what it says without rows, `badge` a chip beside the heading. `has_more`: the list has rows
    that are not shown.
    """

    name: str
    title: StrOrPromise
    rows: Sequence[Any]
    url: str
    empty: StrOrPromise
    column: Literal["top", "work", "watch"] = "work"
    badge: str = ""
    tone: str = "calm"
    has_more: bool = False

    @property
    def template(self) -> str:
        """The template of the rows."""
        return f"desk/home/{self.name}.html"


def first_rows(rows: QuerySet[Any], *, limit: int = MAX_ROWS) -> tuple[list[Any], bool]:
    """The first rows, and whether there are more. One query, which counts nothing."""
    found = list(rows[: limit + 1])
    return found[:limit], len(found) > limit
