"""Requests that `bench.scale` measures: lists, articles, change feed, taxonomy, files and pages."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.core.signing import Signer
from django.test import RequestFactory
from rest_framework.request import Request

from articles.api.views import NewestFirstPagination
from articles.api.views_changes import CURSOR_SALT
from articles.models import Article, Author, Change
from bench.load.grammar import RARE_SECTION, RARE_TAG, SECTIONS
from newsroom.api.pagination import FORWARD

LIST_PATH, PAGE_SIZE, MAX_PAGE = "/api/v1/articles/", 20, 50_000
STORIES_BETWEEN_DAYS = 200  # stories in the list between two days
FIRST_PAGE_LABEL, LAST_PAGE_LABEL = "list, page 1", "list, page {:,}"


@dataclass
class MeasuredRequest:
    """One kind of request: its addresses, and what they took in milliseconds."""

    what: str
    addresses: list[str]
    times: list[float] = field(default_factory=list)
    database: float = 0
    statements: int = 0

    def p50(self) -> float:
        return median(self.times)

    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


def all_requests() -> list[MeasuredRequest]:
    """Every kind of request, for the newsroom of the current connection."""
    return [
        *list_requests(),
        *article_requests(),
        *change_feed_requests(),
        *taxonomy_requests(),
        *document_requests(),
    ]


def list_requests() -> Iterator[MeasuredRequest]:
    deep = last_page()
    author = Author.objects.order_by("pk").values_list("slug", flat=True)[0]
    days: Any = Article.objects.live().order_by("first_published_at", "pk")
    first, later = (
        days.values_list("first_published_at", flat=True)[n] for n in (0, STORIES_BETWEEN_DAYS)
    )
    span = {"published_after": first.isoformat(), "published_before": later.isoformat()}
    yield MeasuredRequest(FIRST_PAGE_LABEL, [LIST_PATH])
    yield MeasuredRequest(LAST_PAGE_LABEL.format(deep), [list_url(cursor=cursor_before(deep))])
    yield MeasuredRequest("list, 100 a page", [list_url(page_size=100)])
    yield MeasuredRequest("list of a section", [list_url(section=SECTIONS[0])])
    yield MeasuredRequest("list of a rare section", [list_url(section=RARE_SECTION)])
    yield MeasuredRequest("list with a tag", [list_url(tag="묶음7")])
    yield MeasuredRequest("list with a rare tag", [list_url(tag=RARE_TAG)])
    yield MeasuredRequest("list of an author", [list_url(author=author)])
    yield MeasuredRequest(
        "list of one section and tag", [list_url(section=SECTIONS[1], tag="묶음9")]
    )
    yield MeasuredRequest("list between two days, the oldest", [list_url(**span)])


def article_requests() -> Iterator[MeasuredRequest]:
    newest, *some = sample_slugs()
    yield MeasuredRequest("detail of the newest", [f"{LIST_PATH}{newest}/"])
    yield MeasuredRequest("detail, at random", [f"{LIST_PATH}{slug}/" for slug in some])
    yield MeasuredRequest("most read, 24 hours", [f"{LIST_PATH}popular/"])
    yield MeasuredRequest("most read, 7 days", [f"{LIST_PATH}popular/?window=7d"])


def sample_slugs() -> list[str]:
    """Slugs of the newest story and of 20 random ones, the same in each run."""
    live = Article.objects.live()
    number, newest = live.newest_first().values_list("pk", "slug")[0]
    chance = random.Random(5)
    numbers = [chance.randint(1, number) for _ in range(20)]
    return [newest, *live.filter(pk__in=numbers).values_list("slug", flat=True)]


def change_feed_requests() -> Iterator[MeasuredRequest]:
    places = list(
        Change.objects.order_by("-position").values_list("position", flat=True)[: PAGE_SIZE + 1]
    )
    yield MeasuredRequest("change feed, first page", [f"{LIST_PATH}changes/"])
    yield MeasuredRequest("change feed, last page", [changes_url(places[-1])])
    yield MeasuredRequest("change feed, nothing new", [changes_url(places[0])])


def taxonomy_requests() -> Iterator[MeasuredRequest]:
    typed = [f"{LIST_PATH}suggest/?{urlencode({'q': q})}" for q in ("인", "ㅈㅂ", "반도")]
    yield MeasuredRequest("tags", ["/api/v1/tags/"])
    yield MeasuredRequest("authors", ["/api/v1/authors/"])
    yield MeasuredRequest("suggestions", typed)


def document_requests() -> Iterator[MeasuredRequest]:
    yield MeasuredRequest("feed of the site", ["/feeds/rss.xml"])
    yield MeasuredRequest("feed of a rare section", [f"/sections/{RARE_SECTION}/feeds/atom.xml"])
    yield MeasuredRequest("sitemap index", ["/sitemap.xml"])
    yield MeasuredRequest("news sitemap", ["/sitemap-news.xml"])
    yield MeasuredRequest("front page", ["/"])
    yield MeasuredRequest("article page", [f"/articles/{slug}/" for slug in sample_slugs()[1:]])
    yield MeasuredRequest("section page", [f"/sections/{SECTIONS[0]}/"])


def list_url(**params: Any) -> str:
    return f"{LIST_PATH}?{urlencode(params)}"


def last_page() -> int:
    """Page 50,000, or the last there is."""
    stories = Article.objects.live().count()
    return max(2, min(MAX_PAGE, -(-stories // PAGE_SIZE)))


def cursor_before(page: int) -> str:
    """Cursor of this page of the list, computed from the row before it instead of by following links."""
    stories = Article.objects.live()
    behind = stories.count() - (page - 1) * PAGE_SIZE  # rows from that page to the end
    row = stories.order_by("first_published_at", "pk")[behind]
    pages = NewestFirstPagination()
    pages.request, pages.order = Request(RequestFactory().get(LIST_PATH)), stories.newest_ordering()
    return pages.cursor_at(row, FORWARD)


def changes_url(place: int) -> str:
    since = Signer(salt=CURSOR_SALT).sign_object([place])
    return f"{LIST_PATH}changes/?{urlencode({'since': since})}"
