"""Keyset pagination of search results, by rank, which does not change over time."""

from types import SimpleNamespace
from typing import Any

from articles.search.highlight import highlight_hit
from articles.search.ranking import Search
from newsroom.api.pagination import BACK, KeysetPagination


class RankedPagination(KeysetPagination):
    """Pagination of a `Search`: pages of its hits, each with its `highlights`."""

    order = ("-rank",)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        search: Search = queryset
        self.request, self.view = request, view
        direction, values = self.read_cursor(view.params.get("cursor"))
        backwards = direction == BACK
        after_rank = int(values[0]) if values else None
        hits = search.hits(
            after_rank=after_rank, backwards=backwards, limit=view.params["page_size"]
        )
        rows = hits.rows
        if backwards:
            rows.reverse()
        for row in rows:
            row.highlights = highlight_hit(row.live.headline, row.indexed_text, search.query)
        self.has_next = hits.has_more if not backwards else after_rank is not None
        self.has_previous = hits.has_more if backwards else after_rank is not None
        # The next page starts after the last candidate, which is not always a hit
        # (ranking.MAX_CANDIDATES_PER_PAGE).
        last_candidate = SimpleNamespace(rank=hits.last_rank)
        given: Any = SimpleNamespace(rank=after_rank)
        self.ends = [rows[0] if rows else given, rows[-1] if rows else given]
        if hits.has_more:
            self.ends[0 if backwards else 1] = last_candidate
        self.rows = rows
        return rows

    def end_rows(self) -> tuple[Any, Any]:
        return self.ends[0], self.ends[1]
