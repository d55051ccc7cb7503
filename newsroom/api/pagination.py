"""Keyset pages: a cursor says after which row to go on, so that rows published or withdrawn
meanwhile neither repeat nor drop another, and page 50,000 costs what page 1 costs.
"""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

FORWARD, BACK = "n", "p"


class KeysetPagination(BasePagination):
    """A page cut by the values of the order.

    `order` names columns, each with a leading "-" for descending; the last must be unique and all
    must be non-null in the rows listed.  A cursor is signed, and good only for the address and
    filters it was made for; any other is a 400.
    """

    order: tuple[str, ...] = ("-pk",)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request, self.view = request, view
        size = view.params["page_size"]
        direction, values = self.read_cursor(view.params.get("cursor"))
        back = direction == BACK
        if values is not None:
            queryset = queryset.filter(self.beyond(values, back=back))
        rows = list(queryset.order_by(*(self.turned() if back else self.order))[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        self.has_next = more if not back else values is not None
        self.has_previous = more if back else values is not None
        self.rows = rows
        return rows

    def turned(self) -> list[str]:
        return [name[1:] if name.startswith("-") else f"-{name}" for name in self.order]

    def beyond(self, values: list[Any], *, back: bool) -> Q:
        """Rows strictly after (or before) these values, in the order of the list."""
        after, equal = Q(), Q()
        for name, value in zip(self.order, values, strict=True):
            column = name.removeprefix("-")
            down = name.startswith("-") != back
            after |= equal & Q(**{f"{column}__{'lt' if down else 'gt'}": value})
            equal &= Q(**{column: value})
        first, value = self.order[0], values[0]
        bound = "lte" if first.startswith("-") != back else "gte"
        # The first condition alone lets the database seek in its index instead of filtering.
        return Q(**{f"{first.removeprefix('-')}__{bound}": value}) & after

    def salt(self) -> str:
        filters = sorted(
            (k, v) for k, v in self.request.query_params.items() if k not in {"cursor", "page_size"}
        )
        return f"{self.request.path}?{filters}"

    @cached_property
    def signer(self) -> signing.Signer:
        """Of the cursors for this address and these filters."""
        return signing.Signer(salt=self.salt())

    def read_cursor(self, cursor: str | None) -> tuple[str, list[Any] | None]:
        if not cursor:
            return FORWARD, None
        try:
            direction, values = self.signer.unsign_object(cursor)
        except signing.BadSignature:
            raise ValidationError({"cursor": [_("This cursor does not belong here.")]}) from None
        return direction, [
            datetime.fromisoformat(v[1:]) if str(v)[:1] == "@" else v for v in values
        ]

    def cursor_at(self, row: Model, direction: str) -> str:
        values = [getattr(row, name.removeprefix("-")) for name in self.order]
        plain = [f"@{v.isoformat()}" if isinstance(v, datetime) else v for v in values]
        # Without the time of signing: the same page is the same bytes, and keeps its ETag.
        return self.signer.sign_object([direction, plain])

    def link(self, row: Model, direction: str) -> str:
        parameters = self.request.query_params.copy()
        parameters["cursor"] = self.cursor_at(row, direction)
        return self.request.build_absolute_uri(f"{self.request.path}?{parameters.urlencode()}")

    def get_paginated_response(self, data: Any) -> Response:
        rows = self.rows
        return Response(
            {
                "next": self.link(rows[-1], FORWARD) if rows and self.has_next else None,
                "previous": self.link(rows[0], BACK) if rows and self.has_previous else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
