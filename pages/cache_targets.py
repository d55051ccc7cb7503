"""Cache targets of the reader site: the URLs of the HTML pages that events invalidate. Pure.

The pages are marked with the surrogate keys of what they show (articles/surrogate_keys.py).
"""

from urllib.parse import quote

from articles.cache_targets import TAXONOMY_KINDS, article_slugs, slugs_to_purge, taxonomy_slugs
from outbox.cache_targets import CacheTargets, EventContent
from outbox.event_types import kind_of

LIST_PATHS = ("/", "/articles/")


def article_page_path(slug: str) -> str:
    """The path of an article's page."""
    return f"/articles/{quote(slug)}/"


def taxonomy_page_path(kind: str, slug: str) -> str:
    """The path of a section's, an author's or a tag's page."""
    return f"/{kind}s/{quote(slug)}/"


def article_pages(event: EventContent) -> list[str]:
    """The pages of the article that an event names, under all its slugs."""
    return [article_page_path(slug) for slug in article_slugs(event)]


def article_paths(event: EventContent) -> list[str]:
    """The pages of an article and of the articles that show it as a card."""
    return [article_page_path(slug) for slug in (*slugs_to_purge(event), *event.texts("beside"))]


def article_list_paths(event: EventContent) -> list[str]:
    """The lists on which an article stands or stood."""
    filtered = [
        taxonomy_page_path(kind, slug)
        for kind in TAXONOMY_KINDS
        for slug in event.texts(kind, f"{kind}s")
    ]
    return [*filtered, *LIST_PATHS]


def taxonomy_paths(event: EventContent) -> list[str]:
    """The pages of a section, an author or a tag under all its slugs."""
    return [taxonomy_page_path(kind_of(event.name), slug) for slug in taxonomy_slugs(event)]


def unfiltered_list_paths(event: EventContent) -> list[str]:
    """The lists without a filter."""
    return list(LIST_PATHS)


CACHE_TARGETS = {
    "article": CacheTargets(
        paths=article_paths, list_paths=article_list_paths, pages=article_pages
    ),
    "comment": CacheTargets(paths=article_pages),
    "poll": CacheTargets(paths=lambda event: map(article_page_path, event.texts("articles"))),
    **{
        kind: CacheTargets(paths=taxonomy_paths, list_paths=unfiltered_list_paths)
        for kind in TAXONOMY_KINDS
    },
    "masthead": CacheTargets(list_paths=unfiltered_list_paths),
}
