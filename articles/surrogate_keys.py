"""The keys under which caches keep what shows articles. Pure; articles/cache_targets.py lists them.

No key names anything that readers cannot open: a related story that is not live has none here.
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
    """An article's page or detail: a row of `as_pages()`, and the cards beside it."""
    cards = [article, *related]
    names = [key for card in cards for key in name_keys_of_card(card)]
    names += [taxonomy_name_key("tag", row["slug"]) for row in article.tag_rows]
    return [*keys_of_cards(cards), MASTHEAD_KEY, *names]


def name_keys_of_card(card: Article) -> list[str]:
    """The section and the authors that a card names."""
    section = [taxonomy_name_key("section", card.section.slug)] if card.section else []
    return [*section, *(taxonomy_name_key("author", row["slug"]) for row in card.author_rows)]


def keys_of_list(cards: Iterable[Article], *, params: Mapping[str, Any] | None = None) -> list[str]:
    """A page of a list, for the filters that a reader has wished: rows of `as_cards()`."""
    shelves = [(kind, (params or {}).get(kind)) for kind in TAXONOMY_KINDS]
    filters = [surrogate_key(kind, slug) for kind, slug in shelves if slug]
    return [LIST_KEY, *(filters or [NEWEST_KEY]), *keys_of_cards(cards)]


def keys_of_cards(cards: Iterable[Article]) -> list[str]:
    return [key for card in cards for key in keys_of_card(card)]


def keys_of_card(article: Article) -> list[str]:
    """The story, and its poll, whose votes are counted on the card."""
    poll = [poll_key(article.poll_id)] if article.poll_id else []
    return [article_key(article.slug), *poll]
