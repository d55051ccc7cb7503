"""Readers who vote through the API, for tests of polls."""

from typing import Any

from rest_framework.test import APIClient

from articles.models import Article
from polls.models import Poll


def slug_of(poll: Poll) -> str:
    slug: str = Article.objects.get(poll=poll).slug
    return slug


def put_vote(client: Any, poll: Poll, side: str = "pro", *, address: str = "", **data: Any) -> Any:
    """Vote, from this address."""
    extra = {"REMOTE_ADDR": address} if address else {}
    body = {"side": side} | data
    return client.put(f"/api/v1/polls/{poll.pk}/vote/", body, format="json", **extra)


def reader(poll: Poll) -> APIClient:
    """A browser that has opened a page with the poll."""
    client = APIClient()
    client.get("/api/v1/me/state/", {"articles": slug_of(poll)})
    return client


def count_votes(poll: Poll) -> int:
    """The votes that everybody sees."""
    body = APIClient().get(f"/api/v1/polls/{poll.pk}/").json()
    total: int = body["total_votes"]
    assert total == sum(side["votes"] for side in body["sides"])
    return total
