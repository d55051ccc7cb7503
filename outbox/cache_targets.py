"""Where an event can be seen: the addresses and keys under which caches keep what it changed. Pure.

Taken from what the event says of itself, so that it holds for the moment of the event.  Of a story it
says `id` (permanent), `slug`, `former_slugs`, where it stood and stands (`sections`, `authors`, `tags`),
and, where it has them, the addresses of the stories that show it as a card (`beside`), its `polls` and its
`photos`.

Answers are marked with the same keys (newsroom/http/surrogate_keys.py, articles/surrogate_keys.py):

    article-X                    the story's page, its comments, and every card of it
    list                         every list of stories
    newest                       the lists without a filter: the front page, feeds, sitemaps
    section-X author-X tag-X     the lists of the stories there
    named-section-X ...          what only shows the name: a story's page must not go because another
                                 story of its section was published
    poll-X photo-X               a poll and whatever shows it; a photo's files
    sections authors tags        the lists of these; `sections` is also the menu of every page
    masthead                     what the paper says of itself, on every page
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

FEED_NAMES = ("rss.xml", "atom.xml", "feed.json")
FEED_PATHS = tuple(f"/feeds/{name}" for name in FEED_NAMES)
# What an entry carries may be said in the address (articles/syndication/feeds.py); a limit is one
# of too many.
FEED_QUERIES = ("", "?content=summary", "?content=full")
ARTICLE_API_LIST_PATHS = ("/api/v1/articles/popular/", "/api/v1/articles/changes/")
# What names stories without being one: it is news there when any story changes.
LIST_PATHS = (
    "/",
    "/articles/",
    "/api/v1/articles/",
    *ARTICLE_API_LIST_PATHS,
    *(f"{path}{query}" for path in FEED_PATHS for query in FEED_QUERIES),
    "/sitemap.xml",
    "/sitemap-news.xml",
)
LIST_KEY = "list"
NEWEST_KEY = "newest"
# Where stories stand together; the key of such an event is its slug.
TAXONOMY_KINDS = ("section", "author", "tag")
MASTHEAD_KEY = "masthead"
# Words that must not be seen once more, not even while a fresh copy is fetched.
HARD_PURGE_EVENTS = frozenset({"article.withdrawn", "article.expired", "article.corrected"})
# Before it a story's own addresses had nothing that may be kept: what is not there is `no-store`.
FIRST_PUBLICATION_EVENT = "article.published"
# A longer slug goes into a key as its fingerprint: a Hangul letter has nine bytes, and Fastly takes no
# key of more than 1,024.
MAX_SLUG_CHARS_IN_KEY = 40


def affected_paths(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The paths on our site whose content the event changed, percent-encoded; lists without their
    further filters and later pages, no story for the name of its section, no list for the counts on
    its cards: no one can count these up, or it is too often (a cache with keys knows them all)."""
    room = name.partition(".")[0]
    if room == "article":
        told = [] if name == FIRST_PUBLICATION_EVENT else article_slugs(data)
        own = [path for slug in told for path in article_paths(slug)]
        return [*own, *embedding_paths(data), *taxonomy_list_paths(data), *LIST_PATHS]
    if room == "comment":
        return [*(p for s in article_slugs(data) for p in article_paths(s)), *comment_paths(data)]
    if room == "poll":
        return [
            *poll_paths(data),
            *(p for s in text_values(data, "articles") for p in article_paths(s)),
        ]
    if room in TAXONOMY_KINDS:
        own = [f"{room}s/{quote(slug)}/" for slug in (key, *text_values(data, "former_slugs"))]
        pages = [path for one in own for path in (f"/{one}", f"/api/v1/{one}")]
        return [*pages, f"/api/v1/{room}s/", *LIST_PATHS]
    if room == MASTHEAD_KEY:
        return [f"/api/v1/{MASTHEAD_KEY}/", *LIST_PATHS]
    return []


def article_paths(slug: str) -> list[str]:
    """The page of a story, and what the API says of it."""
    of_the_api = f"/api/v1/articles/{quote(slug)}/"
    return [article_page_path(slug), of_the_api, f"{of_the_api}editions/", f"{of_the_api}comments/"]


def article_page_path(slug: str) -> str:
    return f"/articles/{quote(slug)}/"


def embedding_paths(data: dict[str, Any]) -> list[str]:
    """What else a story is part of: the stories beside it, its polls."""
    others = [path for slug in text_values(data, "beside") for path in article_paths(slug)[:2]]
    return [*others, *poll_paths(data)]


def poll_paths(data: dict[str, Any]) -> list[str]:
    return [f"/api/v1/polls/{quote(poll)}/" for poll in number_values(data, "poll", "polls")]


def comment_paths(data: dict[str, Any]) -> list[str]:
    return [f"/api/v1/comments/{pk}/" for pk in number_values(data, "comment", "parent")]


def taxonomy_list_paths(data: dict[str, Any]) -> list[str]:
    """The lists of a section, an author or a tag, on the site and in the API, and its feeds."""
    found = ["/api/v1/tags/"] if text_values(data, "tags") else []
    for kind in TAXONOMY_KINDS:
        for slug in map(quote, text_values(data, kind, f"{kind}s")):
            found += [f"/{kind}s/{slug}/", f"/api/v1/articles/?{kind}={slug}"]
    return found + [f"{path}{query}" for path in section_feed_paths(data) for query in FEED_QUERIES]


def section_feed_paths(data: dict[str, Any]) -> list[str]:
    slugs = map(quote, text_values(data, "section", "sections"))
    return [f"/sections/{slug}/feeds/{name}" for slug in slugs for name in FEED_NAMES]


def affected_keys(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The cache keys of what the event changed."""
    room = name.partition(".")[0]
    if room in TAXONOMY_KINDS:
        at = (key, *text_values(data, "former_slugs"))
        own = [surrogate_key(room, slug) for slug in at] + [
            taxonomy_name_key(room, slug) for slug in at
        ]
        return [*own, f"{room}s", LIST_KEY]
    if room == MASTHEAD_KEY:
        return [MASTHEAD_KEY]
    stories = [article_key(slug) for slug in article_slugs(data)]
    polls = [poll_key(number) for number in number_values(data, "poll", "polls")]
    if room != "article":
        return [*stories, *polls]
    stories += [article_key(slug) for slug in text_values(data, "beside")]
    photos = [photo_key(photo) for photo in text_values(data, "photos")]
    return [*stories, *polls, *photos, *list_keys(data)]


def list_keys(data: dict[str, Any]) -> list[str]:
    """The lists on which a story stands; all of them where it does not say which."""
    if not all(kind in data or f"{kind}s" in data for kind in TAXONOMY_KINDS):
        return [LIST_KEY]
    own = [
        surrogate_key(kind, slug)
        for kind in TAXONOMY_KINDS
        for slug in text_values(data, kind, f"{kind}s")
    ]
    return [NEWEST_KEY, *own]


def article_key(slug: str) -> str:
    """The key under which everything of one story is kept."""
    return surrogate_key("article", slug)


def poll_key(number: int | str) -> str:
    return surrogate_key("poll", str(number))


def photo_key(key: str) -> str:
    return surrogate_key("photo", key)


def taxonomy_name_key(kind: str, slug: str) -> str:
    """The key of what shows no more than the name of a section, an author or a tag."""
    return f"named-{surrogate_key(kind, slug)}"


@lru_cache(maxsize=10_000)
def surrogate_key(kind: str, slug: str) -> str:
    """A key as headers must have it: ASCII, no space, no comma, and short."""
    plain = quote(slug, safe="")
    if len(plain) > MAX_SLUG_CHARS_IN_KEY:
        plain = hashlib.sha256(slug.encode()).hexdigest()[:16]
    return f"{kind}-{plain}"


def article_slugs(data: dict[str, Any]) -> list[str]:
    """The story's addresses, the former ones too where the event names them."""
    return text_values(data, "slug", "former_slugs")


def text_values(data: dict[str, Any], *names: str) -> list[str]:
    """The texts under these names, each once; one text or a list of them."""
    found = [text for name in names for text in as_list(data.get(name))]
    return list(dict.fromkeys(text for text in found if isinstance(text, str) and text))


def number_values(data: dict[str, Any], *names: str) -> list[str]:
    """The numbers under these names, each once; one or a list of them."""
    found = [number for name in names for number in as_list(data.get(name))]
    return list(dict.fromkeys(str(number) for number in found if number))


def as_list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
