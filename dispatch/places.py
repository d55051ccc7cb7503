"""Where an event can be seen: the addresses and keys under which caches keep what it changed. Pure.

Taken from what the event says of itself, so that it holds for the moment of the event.
"""

from typing import Any
from urllib.parse import quote

FEEDS = ("/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json")
# What names stories without being one: it is news there when any story changes.
LISTS = ("/", "/articles/", "/api/v1/articles/", *FEEDS, "/sitemap.xml", "/sitemap-news.xml")
LIST_KEY = "list"
# Where stories stand together; the key of such an event is its slug.
SHELVES = frozenset({"section", "author", "tag"})
MASTHEAD = "masthead"
# Words that must not be seen once more, not even while a fresh copy is fetched.
GRAVE = frozenset({"article.withdrawn", "article.expired", "article.corrected"})


def paths(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The paths on our site whose content the event changed, percent-encoded; lists without their
    filters and later pages, which no one can count up (a cache with keys knows them all)."""
    room = name.partition(".")[0]
    if room == "article":
        return [path for slug in slugs(data) for path in paths_of(slug)] + list(LISTS)
    if room == "comment":
        return [f"/api/v1/articles/{quote(slug)}/comments/" for slug in slugs(data)]
    if room == "poll" and data.get("poll"):
        return [f"/api/v1/polls/{quote(str(data['poll']))}/"]
    if room in SHELVES:
        own = f"{room}s/{quote(key)}/"
        return [f"/{own}", f"/api/v1/{own}", f"/api/v1/{room}s/", *LISTS]
    if room == MASTHEAD:
        return [f"/api/v1/{MASTHEAD}/", *LISTS]
    return []


def paths_of(slug: str) -> list[str]:
    """The page of a story, and what the API says of it."""
    of_the_api = f"/api/v1/articles/{quote(slug)}/"
    return [page_path(slug), of_the_api, f"{of_the_api}editions/"]


def page_path(slug: str) -> str:
    return f"/articles/{quote(slug)}/"


def keys(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The cache keys (Surrogate-Key, Cache-Tag) of what the event changed."""
    room = name.partition(".")[0]
    if room in SHELVES:
        return [f"{room}-{quote(key)}", LIST_KEY]
    if room == MASTHEAD:
        return [MASTHEAD, LIST_KEY]
    stories = [article_key(slug) for slug in slugs(data)]
    return [*stories, LIST_KEY] if room == "article" else stories


def article_key(slug: str) -> str:
    """The key under which everything of one story is kept: ASCII, as headers must be."""
    return f"article-{quote(slug)}"


def slugs(data: dict[str, Any]) -> list[str]:
    """The story's addresses, the former ones too where the event names them."""
    found = [data.get("slug") or "", *(data.get("former_slugs") or [])]
    return list(dict.fromkeys(slug for slug in found if isinstance(slug, str) and slug))
