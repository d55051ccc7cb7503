"""View beacons: the requests that article pages send when readers open them."""

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
    """Send the beacon of one reader."""
    return APIClient().post(
        f"/api/v1/articles/{slug}/views/",
        more.pop("body", b""),
        content_type=more.pop("content_type", "text/plain;charset=UTF-8"),
        REMOTE_ADDR=address,
        headers={"User-Agent": agent, **more.pop("headers", {})},
        **more,
    )


def post_views_of_readers(slug: str, number: int) -> None:
    """Send the beacons of so many different readers."""
    for n in range(number):
        assert post_view(slug, address=f"198.51.100.{n + 1}").status_code == 204


def counted_views(slug: str) -> int:
    """The story's view count in the API, after pending views were counted."""
    count_views()
    return int(APIClient().get(f"/api/v1/articles/{slug}/").json()["counts"]["views"])
