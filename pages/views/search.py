"""Search page of the site, rendered on the server."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from articles.api.ranked_pagination import RankedPagination
from articles.api.serializers import ArticleQuery, HitOut
from articles.cache_targets import keys_of_list
from articles.read_queries import live_cards
from articles.search.ranking import Search
from newsroom.api.pagination import BACK, FORWARD
from newsroom.search.query_parser import MAX_QUERY_CHARS
from pages.views.context import render_page
from pages.views.pagination import PAGE_SIZE


class SearchPagePagination(RankedPagination):
    """The API's pagination of hits; its cursors depend on path and query alone, not on other parameters."""

    def salt(self) -> str:
        return f"{self.request.path}?{self.request.query_params.get('q', '')}"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search results by rank, or the error message of an invalid query."""
    typed = request.GET.get("q", "").strip()
    query = ArticleQuery(data={"q": typed})
    if not typed:
        return render_search(request, typed)
    if not query.is_valid():
        return render_search(request, typed, problem=str(query.errors["q"][0]))
    return render_search(
        request, typed, **search_results(request, query.validated_data["q"], typed)
    )


def render_search(request: HttpRequest, typed: str, **context: Any) -> HttpResponse:
    """The search page with the query as it was typed, and the results or the problem."""
    rows = context.pop("rows", [])
    context |= {
        "typed": typed[: MAX_QUERY_CHARS * 2].replace("\x00", ""),
        "max_query_chars": MAX_QUERY_CHARS,
    }
    return render_page(request, "pages/search.html", keys=keys_of_list(rows), **context)


def search_results(request: HttpRequest, parsed_query: Any, typed: str) -> dict[str, Any]:
    """Template context of a page of hits, with the query strings `older` and `newer` of its neighbours.

    Raises Http404 for a cursor of another search.
    """
    paginator = SearchPagePagination()
    params = {"page_size": PAGE_SIZE, "cursor": request.GET.get("cursor")}
    try:
        rows: Any = paginator.paginate_queryset(
            Search(parsed_query, live_cards().all(), {}),
            Request(request),
            view=SimpleNamespace(params=params),
        )
    except ValidationError:
        raise Http404 from None
    first, last = paginator.ends
    cursors = {
        "older": paginator.cursor_at(last, FORWARD) if paginator.has_next else "",
        "newer": paginator.cursor_at(first, BACK) if paginator.has_previous else "",
    }
    links = {
        name: urlencode({"q": typed, "cursor": cursor}) if cursor else ""
        for name, cursor in cursors.items()
    }
    return {"rows": rows, "hits": HitOut(rows, many=True).data, "is_asked": True, **links}
