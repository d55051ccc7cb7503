"""Search client: searches through the API, after pending articles were indexed."""

from typing import Any

from rest_framework.test import APIClient

from articles.search.indexer import IndexResult, sync_index


def index_pending_articles() -> IndexResult:
    """Index all pending articles, as the periodic task does; how many."""
    total = IndexResult()
    while done := sync_index():
        total += done
    return total


def search_response(question: str, **more: Any) -> Any:
    return APIClient().get("/api/v1/articles/", {"q": question, **more})


def search_hits(question: str, **more: Any) -> list[dict[str, Any]]:
    index_pending_articles()
    found = search_response(question, **more)
    assert found.status_code == 200, found.content.decode()
    return list(found.json()["results"])


def hit_headlines(question: str, **more: Any) -> list[str]:
    return [hit["headline"] for hit in search_hits(question, **more)]
