"""Cache targets of comments: the URLs and surrogate keys that events invalidate. Pure.

Comments have no surrogate key of their own: what shows them is marked with their article's.
"""

from articles.cache_targets import (
    article_key,
    article_slugs,
    detail_path,
    detail_paths,
    slugs_to_purge,
)
from outbox.cache_targets import CacheTargets, EventContent
from outbox.event_types import EventType

EVENT_TYPES = [
    EventType("comment.posted", is_addition=True),
    EventType("comment.edited"),
    EventType("comment.removed"),
    EventType("comment.policy_changed"),
]


def thread_path(slug: str) -> str:
    """The API's path of an article's comments."""
    return f"{detail_path(slug)}comments/"


def comment_paths(event: EventContent) -> list[str]:
    """The API's paths of a comment, of the one above it, of its thread, and of the article, which counts
    its comments."""
    article = [
        path for slug in article_slugs(event) for path in (*detail_paths(slug), thread_path(slug))
    ]
    return [*article, *(f"/api/v1/comments/{pk}/" for pk in event.numbers("comment", "parent"))]


def comment_keys(event: EventContent) -> list[str]:
    """The surrogate keys of a comment's article."""
    return [article_key(slug) for slug in article_slugs(event)]


CACHE_TARGETS = {
    "comment": CacheTargets(paths=comment_paths, keys=comment_keys),
    "article": CacheTargets(paths=lambda event: map(thread_path, slugs_to_purge(event))),
    "poll": CacheTargets(paths=lambda event: map(thread_path, event.texts("articles"))),
}
