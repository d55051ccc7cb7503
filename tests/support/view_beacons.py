"""Reading as people do: with a browser, from an address."""

from typing import Any

from rest_framework.test import APIClient

from articles.tasks import count_views

BROWSER_USER_AGENT = (
    "Mozilla/5.0 (Linux; Android 15; SM-S938N) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)


def post_view(
    slug: str, *, address: str = "203.0.113.7", agent: str = BROWSER_USER_AGENT, **more: Any
) -> Any:
    """What a page sends when somebody opens it."""
    return APIClient().post(
        f"/api/v1/articles/{slug}/views/",
        more.pop("body", b""),
        content_type=more.pop("content_type", "text/plain;charset=UTF-8"),
        REMOTE_ADDR=address,
        headers={"User-Agent": agent, **more.pop("headers", {})},
        **more,
    )


def post_views_of_readers(slug: str, number: int) -> None:
    """So many different people open it."""
    for n in range(number):
        assert post_view(slug, address=f"198.51.100.{n + 1}").status_code == 204


def counted_views(slug: str) -> int:
    """What the story says of itself, once everything is counted."""
    count_views()
    return int(APIClient().get(f"/api/v1/articles/{slug}/").json()["counts"]["views"])
