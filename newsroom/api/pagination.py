"""Keyset pagination: a cursor contains the sort values of the row after which the page begins.

Rows published or withdrawn between two requests neither repeat nor skip another, and page 50,000 costs as
much as page 1.
"""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from newsroom.db.keyset import reversed_order, rows_after

FORWARD, BACK = "n", "p"


class KeysetPagination(BasePagination):
    """Keyset pagination of a queryset by `order`.

    `order` names columns, each with a leading "-" for descending; the last must be unique, all must be
    non-null. A cursor is signed and valid only for the path and filters it was made for; else 400.
    """

    order: tuple[str, ...] = ("-pk",)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request, self.view = request, view
        size = view.params["page_size"]
        direction, values = self.read_cursor(view.params.get("cursor"))
        is_back = direction == BACK
        rows = self.fetch_rows(queryset, values=values, is_back=is_back, limit=size + 1)
        has_more, rows = len(rows) > size, rows[:size]
        if is_back:
            rows.reverse()
        self.has_next = has_more if not is_back else values is not None
        self.has_previous = has_more if is_back else values is not None
        self.rows = rows
        return rows

    def fetch_rows(
        self, queryset: Any, *, values: list[Any] | None, is_back: bool, limit: int
    ) -> list[Any]:
        """The first rows, or those after (with `is_back`: before, backwards) these sort values."""
        if values is not None:
            queryset = queryset.filter(rows_after(self.order, values, is_back=is_back))
        order = reversed_order(self.order) if is_back else self.order
        return list(queryset.order_by(*order)[:limit])

    def parameters(self) -> Any:
        """The query parameters of the pages beside this one, without their cursor."""
        return self.request.query_params.copy()

    def salt(self) -> str:
        """The path and the filters, for which a cursor is valid."""
        filters = sorted(
            (k, v) for k, v in self.parameters().items() if k not in {"cursor", "page_size"}
        )
        return f"{self.request.path}?{filters}"

    @cached_property
    def signer(self) -> signing.Signer:
        """Signer of the cursors for this path and these filters."""
        return signing.Signer(salt=self.salt())

    def read_cursor(self, cursor: str | None) -> tuple[str, list[Any] | None]:
        """Direction and sort values of a cursor; raises ValidationError (400) for a foreign one."""
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
        """The cursor of the page after (or before) a row."""
        values = [getattr(row, name.removeprefix("-")) for name in self.order]
        json_values = [f"@{v.isoformat()}" if isinstance(v, datetime) else v for v in values]
        # Without a timestamp, so that the same page has the same bytes and ETag.
        return self.signer.sign_object([direction, json_values])

    def link(self, row: Model, direction: str) -> str:
        """The URL of the page after (or before) a row."""
        parameters = self.parameters()
        parameters["cursor"] = self.cursor_at(row, direction)
        return self.request.build_absolute_uri(f"{self.request.path}?{parameters.urlencode()}")

    def end_rows(self) -> tuple[Any, Any]:
        """The rows before and after which the pages beside this one begin."""
        return (self.rows[0], self.rows[-1]) if self.rows else (None, None)

    def get_paginated_response(self, data: Any) -> Response:
        first, last = self.end_rows()
        return Response(
            {
                "next": self.link(last, FORWARD) if last and self.has_next else None,
                "previous": self.link(first, BACK) if first and self.has_previous else None,
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
