"""Pages of what a search has found, cut where a cursor says: by rank, which never changes."""

from types import SimpleNamespace
from typing import Any

from rest_framework.response import Response

from articles.search.highlight import highlight_hit
from articles.search.ranking import Search
from newsroom.api.pagination import BACK, FORWARD, KeysetPagination


class RankedPagination(KeysetPagination):
    """A page of `Search.hits`, each hit with its `highlights`."""

    order = ("-rank",)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        search: Search = queryset
        self.request, self.view = request, view
        direction, values = self.read_cursor(view.params.get("cursor"))
        back = direction == BACK
        beyond = int(values[0]) if values else None
        hits = search.hits(after_rank=beyond, backwards=back, limit=view.params["page_size"])
        rows = hits.rows
        if back:
            rows.reverse()
        for row in rows:
            row.highlights = highlight_hit(row.live.headline, row.said, search.question)
        self.has_next = hits.more if not back else beyond is not None
        self.has_previous = hits.more if back else beyond is not None
        # Where one goes on, which is not always behind a hit (searching.PATIENCE).
        edge = SimpleNamespace(rank=hits.last)
        own: Any = SimpleNamespace(rank=beyond)
        self.ends = [rows[0] if rows else own, rows[-1] if rows else own]
        if hits.more:
            self.ends[0 if back else 1] = edge
        self.rows = rows
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        first, last = self.ends
        return Response(
            {
                "next": self.link(last, FORWARD) if self.has_next else None,
                "previous": self.link(first, BACK) if self.has_previous else None,
                "results": data,
            }
        )
