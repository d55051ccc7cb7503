"""A list of articles, page by page."""

from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from articles.api.representation import represent_card
from articles.api.views import NewestFirstPagination
from newsroom.api.pagination import BACK, FORWARD

PAGE_SIZE = 20


class ArticleListPagination(NewestFirstPagination):
    """The API's keyset pages at a page's own address; parameters of advertisers do not matter."""

    def salt(self) -> str:
        return self.request.path


def paginate_cards(request: HttpRequest, articles: Any) -> tuple[list[Any], dict[str, Any]]:
    """The page asked for of these cards: its rows, and in words, with the cursors of its neighbours
    ("" where there is none).

    Raises Http404 for a cursor that is not of this list.
    """
    pages = ArticleListPagination()
    wish = {"page_size": PAGE_SIZE, "cursor": request.GET.get("cursor")}
    try:
        rows: Any = pages.paginate_queryset(
            articles, Request(request), view=SimpleNamespace(params=wish)
        )
    except ValidationError:
        raise Http404 from None
    return rows, {
        "cards": [represent_card(row) for row in rows],
        "older": pages.cursor_at(rows[-1], FORWARD) if rows and pages.has_next else "",
        "newer": pages.cursor_at(rows[0], BACK) if rows and pages.has_previous else "",
        "is_first": not wish["cursor"],
    }
