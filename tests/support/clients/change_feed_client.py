"""Change feed client: follows the feed page after page and keeps a mirror of the live articles."""

from typing import Any

from rest_framework.test import APIClient

from articles.syndication.change_feed import append_pending_changes
from articles.syndication.feed_updates import settle_feed_changes

CHANGE_FEED_PATH = "/api/v1/articles/changes/"


def record_all_changes() -> int:
    """Append all pending changes to the feed, as the periodic task does; how many."""
    total = 0
    settle_feed_changes()
    while some := append_pending_changes():
        total += some
    return total


class ChangeFeedMirror:
    """Mirror of the live articles by slug, kept up to date by the change feed alone."""

    def __init__(self, page_size: int = 20) -> None:
        self.next = f"{CHANGE_FEED_PATH}?page_size={page_size}"
        self.changes: list[dict[str, Any]] = []
        self.copies: dict[str, dict[str, Any]] = {}

    def follow(self) -> list[dict[str, Any]]:
        """Read the feed to its end; the new changes."""
        fresh: list[dict[str, Any]] = []
        while True:
            answer = APIClient().get(self.next)
            assert answer.status_code == 200, answer.content.decode()
            page = answer.json()
            self.next = page["next"]
            fresh += page["results"]
            if not page["more"]:
                break
        for line in fresh:
            self.keep(line)
        self.changes += fresh
        return fresh

    def keep(self, line: dict[str, Any]) -> None:
        for slug in [line["slug"], *line["former_slugs"]]:
            self.copies.pop(slug, None)
        if line["article"]:
            self.copies[line["slug"]] = line["article"]


def slugs_and_kinds(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Slug and kind of each change."""
    return [(line["slug"], line["kind"]) for line in lines]
