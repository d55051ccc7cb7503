"""Surrogate keys of article pages, cards and lists. Pure; spelled in articles/cache_targets.py.

No key names anything that is not public: a related article that is not live is not among them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from articles.cache_targets import (
    LIST_KEY,
    MASTHEAD_KEY,
    NEWEST_KEY,
    TAXONOMY_KINDS,
    article_key,
    taxonomy_name_key,
)
from articles.models import Article
from newsroom.http.surrogate_keys import surrogate_key
from polls.cache_targets import poll_key


def keys_of_page(article: Article, *, related: Iterable[Article]) -> list[str]:
    """Keys of an article page (a row of `as_pages()`) with these related cards."""
    cards = [article, *related]
    names = [key for card in cards for key in name_keys_of_card(card)]
    names += [taxonomy_name_key("tag", row["slug"]) for row in article.tag_rows]
    return [*keys_of_cards(cards), MASTHEAD_KEY, *names]


def name_keys_of_card(card: Article) -> list[str]:
    """Keys of the names of section and authors on a card."""
    section = [taxonomy_name_key("section", card.section.slug)] if card.section else []
    return [*section, *(taxonomy_name_key("author", row["slug"]) for row in card.author_rows)]


def keys_of_list(cards: Iterable[Article], *, params: Mapping[str, Any] | None = None) -> list[str]:
    """Keys of a page of a list (rows of `as_cards()`), filtered by these parameters."""
    slugs = [(kind, (params or {}).get(kind)) for kind in TAXONOMY_KINDS]
    filters = [surrogate_key(kind, slug) for kind, slug in slugs if slug]
    return [LIST_KEY, *(filters or [NEWEST_KEY]), *keys_of_cards(cards)]


def keys_of_cards(cards: Iterable[Article]) -> list[str]:
    return [key for card in cards for key in keys_of_card(card)]


def keys_of_card(article: Article) -> list[str]:
    """Keys of the article and of its poll, whose votes are counted on the card."""
    poll = [poll_key(article.poll_id)] if article.poll_id else []
    return [article_key(article.slug), *poll]
