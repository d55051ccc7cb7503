"""Searching as a reader does, once the worker has taken in what was published."""

from typing import Any

from rest_framework.test import APIClient

from articles.search.indexer import Taken, catch_up


def taken_in() -> Taken:
    """What one tick of the worker after the other takes in until nothing is left."""
    total = Taken()
    while done := catch_up():
        total += done
    return total


def answer(question: str, **more: Any) -> Any:
    return APIClient().get("/api/v1/articles/", {"q": question, **more})


def hits(question: str, **more: Any) -> list[dict[str, Any]]:
    taken_in()
    found = answer(question, **more)
    assert found.status_code == 200, found.content.decode()
    return list(found.json()["results"])


def headlines(question: str, **more: Any) -> list[str]:
    return [hit["headline"] for hit in hits(question, **more)]
