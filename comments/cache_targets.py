"""Cache targets of comments: the URLs and surrogate keys that events invalidate. Pure.

Other caches know comments by their article's key alone; our own processes by `#thread-X` too, so that a
comment does not invalidate the page of its article.
"""

from articles.cache_targets import (
    article_key,
    article_slugs,
    detail_path,
    detail_paths,
    slugs_to_purge,
)
from newsroom.http.surrogate_keys import INTERNAL_PREFIX, surrogate_key
from outbox.cache_targets import CacheTargets, EventContent
from outbox.event_types import EventType

EVENT_TYPES = [
    EventType("comment.posted", is_addition=True),
    EventType("comment.edited"),
    EventType("comment.removed"),
    EventType("comment.policy_changed"),
]


def thread_key(slug: str) -> str:
    """The internal surrogate key of an article's comments."""
    return f"{INTERNAL_PREFIX}{surrogate_key('thread', slug)}"


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
