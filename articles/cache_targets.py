"""Cache targets of articles: the API URLs, feeds, sitemaps and surrogate keys that events invalidate, and
the surrogate keys of responses, which are the same. Pure.

No key of a response names what is not public: a related article that is not live is not among them.

    article-X                    the article's page, its comments, and every card of it
    list                         every list of articles
    newest                       the lists without a filter: the front page, feeds, sitemaps
    section-X author-X tag-X     the lists of the articles there
    named-section-X ...          what only shows the name: an article's page must not go because another
                                 article of its section was published
    sections authors tags        the lists of these; `sections` is also the menu of every page
    #popular                     the most read, inside of our processes
    masthead                     what the paper says of itself, on every page
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings

from media.cache_targets import photo_keys
from newsroom.http.surrogate_keys import INTERNAL_PREFIX, surrogate_key
from outbox.cache_targets import CacheTargets, EventContent
from outbox.event_types import PING_EVENT, EventType, kind_of
from polls.cache_targets import poll_key, poll_keys, poll_paths

if TYPE_CHECKING:
    # For annotations only: this layer is below the models.
    from articles.models.read_models import ArticleCard, ArticlePage, ArticleRow

LIST_KEY = "list"
NEWEST_KEY = "newest"
POPULAR_KEY = f"{INTERNAL_PREFIX}popular"
MASTHEAD_KEY = "masthead"
# Lists of articles; the key of such an event is its slug.
TAXONOMY_KINDS = ("section", "author", "tag")
FEED_NAMES = ("rss.xml", "atom.xml", "feed.json")
FEED_PATHS = tuple(f"/feeds/{name}" for name in FEED_NAMES)
# What an entry carries may be named in the query (articles/syndication/feeds.py); of a `limit` there are
# too many values.
FEED_QUERIES = ("", "?content=summary", "?content=full")
LIST_PATHS = (
    "/api/v1/articles/",
    "/api/v1/articles/popular/",
    "/api/v1/articles/changes/",
    *(f"{path}{query}" for path in FEED_PATHS for query in FEED_QUERIES),
    "/sitemap.xml",
    "/sitemap-news.xml",
)
# Before it, the article's own URLs had no response that may be stored: 404 is `no-store`.
FIRST_PUBLICATION_EVENT = "article.published"

EVENT_TYPES = [
    EventType(f"{kind}.{verb}")
    for kind in (*TAXONOMY_KINDS, MASTHEAD_KEY)
    for verb in ("added", "changed", "removed")
]


def article_key(slug: str) -> str:
    """The surrogate key of everything that shows an article."""
    return surrogate_key("article", slug)


def taxonomy_name_key(kind: str, slug: str) -> str:
    """The surrogate key of what shows only the name of a section, an author or a tag."""
    return f"named-{surrogate_key(kind, slug)}"


def article_slugs(event: EventContent) -> list[str]:
    """The article's slugs, the former ones too where the event names them."""
    return event.texts("slug", "former_slugs")


def slugs_to_purge(event: EventContent) -> list[str]:
    """The slugs whose own URLs an article's event changed: none for its first publication."""
    return [] if event.name == FIRST_PUBLICATION_EVENT else article_slugs(event)


def taxonomy_slugs(event: EventContent) -> list[str]:
    """The present and former slugs of the section, author or tag that the event is about."""
    return [event.key, *event.texts("former_slugs")]


def detail_path(slug: str) -> str:
    """The API's path of an article."""
    return f"/api/v1/articles/{quote(slug)}/"


def detail_paths(slug: str) -> list[str]:
    """The API's paths of an article that this app serves."""
    return [detail_path(slug), f"{detail_path(slug)}editions/"]


def article_paths(event: EventContent) -> list[str]:
    """The API's paths of an article, of the articles that show it as a card, and of its polls."""
    own = [path for slug in slugs_to_purge(event) for path in detail_paths(slug)]
    return [*own, *map(detail_path, event.texts("beside")), *poll_paths(event)]


def article_list_paths(event: EventContent) -> list[str]:
    """The lists, feeds and sitemaps in which an article stands or stood."""
    filtered = [
        f"/api/v1/articles/?{kind}={quote(slug)}"
        for kind in TAXONOMY_KINDS
        for slug in event.texts(kind, f"{kind}s")
    ]
    tags = ["/api/v1/tags/"] if event.texts("tags") else []
    feeds = [f"{path}{query}" for path in section_feed_paths(event) for query in FEED_QUERIES]
    return [*tags, *filtered, *feeds, *LIST_PATHS]


def section_feed_paths(event: EventContent) -> list[str]:
    """The feeds of the sections in which an article stands or stood."""
    slugs = map(quote, event.texts("section", "sections"))
    return [f"/sections/{slug}/feeds/{name}" for slug in slugs for name in FEED_NAMES]


def feed_paths(event: EventContent) -> list[str]:
    """The feeds in which an article is news, as subscribers of a WebSub hub may know them."""
    other = "full" if settings.FEED_CONTENT == "summary" else "summary"
    feeds = [*FEED_PATHS, *section_feed_paths(event)]
    return [*feeds, *(f"{feed}?content={other}" for feed in feeds)]


def article_keys(event: EventContent) -> list[str]:
    """Surrogate keys of an article, of the related articles that show it, its polls, photos and lists."""
    slugs = [*article_slugs(event), *event.texts("beside")]
    articles = [article_key(slug) for slug in slugs]
    return [*articles, *poll_keys(event), *photo_keys(event), *list_keys(event)]


def list_keys(event: EventContent) -> list[str]:
    """The lists on which an article stands or stood; all of them where the event does not say which."""
    if not all(kind in event.data or f"{kind}s" in event.data for kind in TAXONOMY_KINDS):
        return [LIST_KEY]
    filtered = [
        surrogate_key(kind, slug)
        for kind in TAXONOMY_KINDS
        for slug in event.texts(kind, f"{kind}s")
    ]
    return [NEWEST_KEY, *filtered]


def poll_article_paths(event: EventContent) -> list[str]:
    """The API's paths of the articles that carry a poll."""
    return [path for slug in event.texts("articles") for path in detail_paths(slug)]


def taxonomy_paths(event: EventContent) -> list[str]:
    """The API's paths of an author, and of the list of sections, authors or tags."""
    kind = kind_of(event.name)
    slugs = taxonomy_slugs(event) if kind == "author" else []  # the others have no view of one
    return [*(f"/api/v1/{kind}s/{quote(slug)}/" for slug in slugs), f"/api/v1/{kind}s/"]


def taxonomy_keys(event: EventContent) -> list[str]:
    """The surrogate keys of a section, an author or a tag: its lists, its name, the list of these."""
    kind, slugs = kind_of(event.name), taxonomy_slugs(event)
    lists = [surrogate_key(kind, slug) for slug in slugs]
    return [*lists, *(taxonomy_name_key(kind, slug) for slug in slugs), f"{kind}s", LIST_KEY]


def unfiltered_list_paths(event: EventContent) -> list[str]:
    """The lists without a filter: they show the names of sections and authors."""
    return list(LIST_PATHS)


CACHE_TARGETS = {
    "article": CacheTargets(
        paths=article_paths, list_paths=article_list_paths, keys=article_keys, feeds=feed_paths
    ),
    "poll": CacheTargets(paths=poll_article_paths),
    **{
        kind: CacheTargets(
            paths=taxonomy_paths, list_paths=unfiltered_list_paths, keys=taxonomy_keys
        )
        for kind in TAXONOMY_KINDS
    },
    "masthead": CacheTargets(
        paths=lambda _event: ["/api/v1/masthead/"],
        list_paths=unfiltered_list_paths,
        keys=lambda _event: [MASTHEAD_KEY],
    ),
    PING_EVENT: CacheTargets(feeds=feed_paths),
}


# -- surrogate keys of responses ------------------------------------------------------------------


def keys_of_page(article: "ArticlePage", *, related: Iterable["ArticleCard"]) -> list[str]:
    """Keys of an article page (of `live_page()`) with these related cards, and of what its boxes show."""
    cards: list[ArticleCard] = [article, *related]
    names = [key for card in cards for key in name_keys_of_card(card)]
    names += [taxonomy_name_key("tag", row["slug"]) for row in article.tag_rows]
    return [*keys_of_cards(cards), MASTHEAD_KEY, *map(article_key, article.boxed_slugs), *names]


def name_keys_of_card(card: "ArticleCard") -> list[str]:
    """Keys of the names of section and authors on a card."""
    section = [taxonomy_name_key("section", card.section.slug)] if card.section else []
    return [*section, *(taxonomy_name_key("author", row["slug"]) for row in card.author_rows)]


def keys_of_list(
    cards: Iterable["ArticleRow"], *, params: Mapping[str, Any] | None = None
) -> list[str]:
    """Keys of a page of a list (cards or feed entries), filtered by these parameters."""
    slugs = [(kind, (params or {}).get(kind)) for kind in TAXONOMY_KINDS]
    filters = [surrogate_key(kind, slug) for kind, slug in slugs if slug]
    return [LIST_KEY, *(filters or [NEWEST_KEY]), *keys_of_cards(cards)]


def keys_of_cards(cards: Iterable["ArticleRow"]) -> list[str]:
    return [key for card in cards for key in keys_of_card(card)]


def keys_of_card(article: "ArticleRow") -> list[str]:
    """Keys of the article and of its poll, whose votes are counted on the card."""
    poll = [poll_key(article.poll_id)] if article.poll_id else []
    return [article_key(article.slug), *poll]
