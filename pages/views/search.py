"""The search of the site, as a page that needs no script."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from articles.api.ranked_pagination import RankedPagination
from articles.api.serializers import ArticleQuery, HitOut
from articles.read_queries import live_cards
from articles.search.query_parser import MAX_QUERY_CHARS
from articles.search.ranking import Search
from articles.surrogate_keys import keys_of_list
from newsroom.api.pagination import BACK, FORWARD
from pages.views.context import render_page
from pages.views.pagination import PAGE_SIZE


class SearchPagePagination(RankedPagination):
    """The API's pages of hits at the page's own address; parameters of advertisers do not matter."""

    def salt(self) -> str:
        return f"{self.request.path}?{self.request.query_params.get('q', '')}"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a reader asks for, best and newest first; why it cannot be asked, where it cannot."""
    typed = request.GET.get("q", "").strip()
    asked = ArticleQuery(data={"q": typed})
    if not typed:
        return render_search(request, typed)
    if not asked.is_valid():
        return render_search(request, typed, problem=str(asked.errors["q"][0]))
    return render_search(
        request, typed, **search_results(request, asked.validated_data["q"], typed)
    )


def render_search(request: HttpRequest, typed: str, **words: Any) -> HttpResponse:
    rows = words.pop("rows", [])
    words |= {"typed": typed[: MAX_QUERY_CHARS * 2].replace("\x00", ""), "longest": MAX_QUERY_CHARS}
    return render_page(request, "pages/search.html", keys=keys_of_list(rows), **words)


def search_results(request: HttpRequest, question: Any, typed: str) -> dict[str, Any]:
    """A page of hits, and the addresses of its neighbours. Raises Http404 for a cursor of no such page."""
    pages = SearchPagePagination()
    wish = {"page_size": PAGE_SIZE, "cursor": request.GET.get("cursor")}
    try:
        rows: Any = pages.paginate_queryset(
            Search(question, live_cards().all(), {}),
            Request(request),
            view=SimpleNamespace(params=wish),
        )
    except ValidationError:
        raise Http404 from None
    first, last = pages.ends
    to = {
        "older": pages.cursor_at(last, FORWARD) if pages.has_next else "",
        "newer": pages.cursor_at(first, BACK) if pages.has_previous else "",
    }
    links = {name: urlencode({"q": typed, "cursor": at}) if at else "" for name, at in to.items()}
    return {"rows": rows, "hits": HitOut(rows, many=True).data, "is_asked": True, **links}
