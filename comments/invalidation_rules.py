"""Invalidation rules of comments: which threads a change of a row invalidates.

thread     a number: the thread of that article
writer     a number: the threads in which that reader has written
"""

from collections.abc import Collection
from typing import Any

from comments.cache_targets import thread_key
from newsroom.db.invalidation_rules import InvalidationRule, KeyResolver, fetch_texts

COUNTS = ("likes", "dislikes", "score", "rank", "visible_replies")
INVALIDATION_RULES = [
    InvalidationRule("comments_comment", (("thread", "article_id"),), ignored=COUNTS),
    InvalidationRule(
        "comments_comment",
        (("thread", "article_id"),),
        name="counts",
        compared=tuple(f"{{row}}.{column}" for column in COUNTS),
        events=("UPDATE",),
        is_count=True,
    ),
    # The order in which a thread is shown; its other columns are written to the article as well.
    InvalidationRule("comments_threadpolicy", (("thread", "article_id"),), ignored=("version",)),
    # What a comment shows of its author.
    InvalidationRule(
        "accounts_user",
        (("writer", "id"),),
        compared=tuple(
            f"{{row}}.{column}" for column in ("nickname", "is_active", "is_staff", "closing_at")
        ),
        events=("UPDATE", "DELETE"),
    ),
]
SLUGS = "SELECT slug FROM articles_article WHERE id IN ({ids})"
SLUGS_OF_WRITER = """
SELECT DISTINCT a.slug FROM comments_comment c JOIN articles_article a ON a.id = c.article_id
WHERE c.author_id IN ({ids})
"""


def threads_of(sql: str) -> KeyResolver:
    def resolve(cursor: Any, ids: Collection[str]) -> list[str]:
        return [thread_key(slug) for slug in fetch_texts(cursor, sql, ids)]

    return resolve


KEY_RESOLVERS: dict[str, KeyResolver] = {
    "thread": threads_of(SLUGS),
    "writer": threads_of(SLUGS_OF_WRITER),
}
