"""Invalidation rules of articles: which keys of public responses a change of a row invalidates.

article        a slug: the article's page and every card of it
article_id     the same, by number
membership     a number: the lists on which the article stands, and the pages of those that show it
section_id author_id tag_id      lists of the articles there
section author tag               a slug: its lists, its name, the lists of these, and all lists of cards
photo          a number: the articles that show it
popular        the most read
masthead
"""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import Any

from articles.cache_targets import (
    LIST_KEY,
    MASTHEAD_KEY,
    NEWEST_KEY,
    POPULAR_KEY,
    TAXONOMY_KINDS,
    article_key,
    taxonomy_name_key,
)
from newsroom.db.invalidation_rules import InvalidationRule, KeyResolver, fetch_texts
from newsroom.http.surrogate_keys import surrogate_key

OF_ARTICLE = (("article_id", "article_id"),)
# What decides on which lists an article stands, and in which order; and whether its poll is public.
MEMBERSHIP = (
    "({row}.live_id IS NULL)",
    *(
        f"{{row}}.{column}"
        for column in ("slug", "section_id", "first_published_at", "withdrawn_at", "poll_id")
    ),
    *(f"{{row}}.{column}" for column in ("embargo_until", "expires_at", "held_at")),
)
INVALIDATION_RULES = [
    InvalidationRule(
        "articles_article", (("article", "slug"),), ignored=("indexed_edition", "change_feed_state")
    ),
    InvalidationRule(
        "articles_article",
        # A poll is public while its article is.
        (("membership", "id"), ("section_id", "section_id"), ("poll", "poll_id")),
        name="membership",
        compared=MEMBERSHIP,
    ),
    # New editions are read by nobody before an article points at them.
    InvalidationRule("articles_edition", OF_ARTICLE, events=("UPDATE", "DELETE")),
    InvalidationRule("articles_appearance", OF_ARTICLE),
    InvalidationRule("articles_articlecounts", OF_ARTICLE, is_count=True),
    InvalidationRule("articles_byline", (*OF_ARTICLE, ("author_id", "author_id"))),
    InvalidationRule("articles_tagging", (*OF_ARTICLE, ("tag_id", "tag_id"))),
    InvalidationRule("articles_pick", OF_ARTICLE),
    InvalidationRule("articles_relatedarticle", OF_ARTICLE),
    InvalidationRule("articles_boxedarticle", OF_ARTICLE),
    InvalidationRule("articles_photouse", OF_ARTICLE),
    InvalidationRule("articles_popularityrank", (("popular", ""),), is_count=True),
    InvalidationRule("articles_masthead", (("masthead", ""),)),
    InvalidationRule("articles_section", (("section", "slug"),), ignored=("needs_approval",)),
    InvalidationRule("articles_author", (("author", "slug"),)),
    InvalidationRule("articles_tag", (("tag", "slug"),)),
    InvalidationRule("media_photo", (("photo", "id"),), ignored=("version", "failure")),
]
SLUGS = "SELECT slug FROM articles_article WHERE id IN ({ids})"
SLUGS_WITH_PHOTO = """
SELECT slug FROM articles_article WHERE lead_photo_id IN ({ids}) OR social_photo_id IN ({ids})
UNION SELECT a.slug FROM articles_photouse u JOIN articles_article a ON a.id = u.article_id
WHERE u.photo_id IN ({ids})
"""
# Articles whose pages show these as related ones, or in a box.
SLUGS_BESIDE = """
SELECT a.slug FROM articles_relatedarticle r JOIN articles_article a ON a.id = r.article_id
WHERE r.related_id IN ({ids})
UNION SELECT a.slug FROM articles_pick p JOIN articles_article a ON a.id = p.article_id
WHERE p.related_id IN ({ids})
UNION SELECT a.slug FROM articles_boxedarticle b JOIN articles_article a ON a.id = b.article_id
WHERE b.related_uid IN (SELECT uid FROM articles_article WHERE id IN ({ids}))
"""
SLUGS_OF_ITS = {
    "tag": "SELECT t.slug FROM articles_tagging g JOIN articles_tag t ON t.id = g.tag_id "
    "WHERE g.article_id IN ({ids})",
    "author": "SELECT u.slug FROM articles_byline b JOIN articles_author u ON u.id = b.author_id "
    "WHERE b.article_id IN ({ids})",
}


def articles_of(sql: str) -> KeyResolver:
    return lambda cursor, ids: map(article_key, fetch_texts(cursor, sql, ids))


def keys_of_membership(cursor: Any, ids: Collection[str]) -> Iterator[str]:
    yield NEWEST_KEY
    for kind, sql in SLUGS_OF_ITS.items():
        yield from (surrogate_key(kind, slug) for slug in fetch_texts(cursor, sql, ids))
    yield from map(article_key, fetch_texts(cursor, SLUGS_BESIDE, ids))


def keys_of_lists(kind: str, cursor: Any, ids: Collection[str]) -> Iterable[str]:
    sql = f"SELECT slug FROM articles_{kind} WHERE id IN ({{ids}})"  # noqa: S608 -- our own tables
    return [surrogate_key(kind, slug) for slug in fetch_texts(cursor, sql, ids)]


def keys_of_taxonomy(kind: str, _cursor: Any, slugs: Collection[str]) -> Iterator[str]:
    yield from (LIST_KEY, f"{kind}s")
    for slug in slugs:
        yield from (surrogate_key(kind, slug), taxonomy_name_key(kind, slug))


KEY_RESOLVERS: dict[str, KeyResolver] = {
    "article": lambda _cursor, slugs: map(article_key, slugs),
    "article_id": articles_of(SLUGS),
    "membership": keys_of_membership,
    "photo": articles_of(SLUGS_WITH_PHOTO),
    "popular": lambda _cursor, _values: [POPULAR_KEY],
    "masthead": lambda _cursor, _values: [MASTHEAD_KEY],
    **{f"{kind}_id": partial(keys_of_lists, kind) for kind in TAXONOMY_KINDS},
    **{kind: partial(keys_of_taxonomy, kind) for kind in TAXONOMY_KINDS},
}
