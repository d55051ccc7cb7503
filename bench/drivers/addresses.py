"""What readers and machines read of a newsroom, address by address."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.core.signing import Signer
from django.test import RequestFactory
from rest_framework.request import Request

from articles.api.views import NewestArticles
from articles.api.views_changes import SALT
from articles.models import Article, Author, Change
from bench.load.grammar import RARE_SECTION, RARE_TAG, SECTIONS
from newsroom.api.pagination import FORWARD

LIST, PAGE, DEEP = "/api/v1/articles/", 20, 50_000
OLDEST = 200  # stories in the list between two days
FIRST, LAST = "list, page 1", "list, page {:,}"


@dataclass
class Asked:
    """An address, or several, and what asking it took, in milliseconds."""

    what: str
    addresses: list[str]
    times: list[float] = field(default_factory=list)
    database: float = 0
    statements: int = 0

    def p50(self) -> float:
        return median(self.times)

    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


def everything() -> list[Asked]:
    """What readers and machines read of the newsroom at hand."""
    return [*lists(), *stories(), *feed_of_changes(), *furniture(), *files_and_pages()]


def lists() -> Iterator[Asked]:
    deep = last_page()
    author = Author.objects.order_by("pk").values_list("slug", flat=True)[0]
    days: Any = Article.objects.live().order_by("first_published_at", "pk")
    first, later = (days.values_list("first_published_at", flat=True)[n] for n in (0, OLDEST))
    span = {"published_after": first.isoformat(), "published_before": later.isoformat()}
    yield Asked(FIRST, [LIST])
    yield Asked(LAST.format(deep), [listed(cursor=cursor_before(deep))])
    yield Asked("list, 100 a page", [listed(page_size=100)])
    yield Asked("list of a section", [listed(section=SECTIONS[0])])
    yield Asked("list of a rare section", [listed(section=RARE_SECTION)])
    yield Asked("list with a tag", [listed(tag="묶음7")])
    yield Asked("list with a rare tag", [listed(tag=RARE_TAG)])
    yield Asked("list of an author", [listed(author=author)])
    yield Asked("list of one section and tag", [listed(section=SECTIONS[1], tag="묶음9")])
    yield Asked("list between two days, the oldest", [listed(**span)])


def stories() -> Iterator[Asked]:
    newest, *some = slugs()
    yield Asked("detail of the newest", [f"{LIST}{newest}/"])
    yield Asked("detail, at random", [f"{LIST}{slug}/" for slug in some])
    yield Asked("most read, 24 hours", [f"{LIST}popular/"])
    yield Asked("most read, 7 days", [f"{LIST}popular/?window=7d"])


def slugs() -> list[str]:
    """The newest story, and some at random, the same in each run."""
    live = Article.objects.live()
    number, newest = live.newest_first().values_list("pk", "slug")[0]
    chance = random.Random(5)
    numbers = [chance.randint(1, number) for _ in range(20)]
    return [newest, *live.filter(pk__in=numbers).values_list("slug", flat=True)]


def feed_of_changes() -> Iterator[Asked]:
    places = list(Change.objects.order_by("-place").values_list("place", flat=True)[: PAGE + 1])
    yield Asked("change feed, first page", [f"{LIST}changes/"])
    yield Asked("change feed, last page", [changed_since(places[-1])])
    yield Asked("change feed, nothing new", [changed_since(places[0])])


def furniture() -> Iterator[Asked]:
    typed = [f"{LIST}suggest/?{urlencode({'q': q})}" for q in ("인", "ㅈㅂ", "반도")]
    yield Asked("tags", ["/api/v1/tags/"])
    yield Asked("authors", ["/api/v1/authors/"])
    yield Asked("suggestions", typed)


def files_and_pages() -> Iterator[Asked]:
    yield Asked("feed of the site", ["/feeds/rss.xml"])
    yield Asked("feed of a rare section", [f"/sections/{RARE_SECTION}/feeds/atom.xml"])
    yield Asked("sitemap index", ["/sitemap.xml"])
    yield Asked("news sitemap", ["/sitemap-news.xml"])
    yield Asked("front page", ["/"])
    yield Asked("article page", [f"/articles/{slug}/" for slug in slugs()[1:]])
    yield Asked("section page", [f"/sections/{SECTIONS[0]}/"])


def listed(**wish: Any) -> str:
    return f"{LIST}?{urlencode(wish)}"


def last_page() -> int:
    """Page 50,000, or the last there is."""
    stories = Article.objects.live().count()
    return max(2, min(DEEP, -(-stories // PAGE)))


def cursor_before(page: int) -> str:
    """The cursor of this page of the list, without walking there: after the last row of the one before."""
    stories = Article.objects.live()
    behind = stories.count() - (page - 1) * PAGE  # rows from that page to the end
    row = stories.order_by("first_published_at", "pk")[behind]
    pages = NewestArticles()
    pages.request, pages.order = Request(RequestFactory().get(LIST)), stories.newest()
    return pages.cursor_at(row, FORWARD)


def changed_since(place: int) -> str:
    since = Signer(salt=SALT).sign_object([place])
    return f"{LIST}changes/?{urlencode({'since': since})}"
