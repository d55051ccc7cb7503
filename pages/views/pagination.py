"""Pagination of article lists on paginator, with the keyset cursors of the API."""

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
    """The API's keyset pagination; its cursors depend on the path alone, not on tracking parameters."""

    def salt(self) -> str:
        return self.request.path


def paginate_cards(request: HttpRequest, articles: Any) -> tuple[list[Any], dict[str, Any]]:
    """The requested page of these cards: its rows, and the template context.

    The context has `cards`, the cursors `older` and `newer` of the next pages ("" for none), `is_first`.
    Raises Http404 for a cursor of another list.
    """
    paginator = ArticleListPagination()
    params = {"page_size": PAGE_SIZE, "cursor": request.GET.get("cursor")}
    try:
        rows: Any = paginator.paginate_queryset(
            articles, Request(request), view=SimpleNamespace(params=params)
        )
    except ValidationError:
        raise Http404 from None
    return rows, {
        "cards": [represent_card(row) for row in rows],
        "older": paginator.cursor_at(rows[-1], FORWARD) if rows and paginator.has_next else "",
        "newer": paginator.cursor_at(rows[0], BACK) if rows and paginator.has_previous else "",
        "is_first": not params["cursor"],
    }
