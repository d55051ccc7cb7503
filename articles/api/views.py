"""Readers read."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.ranked_pagination import Ranked
from articles.api.read_queries import (
    live_cards,
    live_page,
    live_sparse_cards,
    live_tags,
    stories_beside,
)
from articles.api.representation import page_as_read
from articles.api.serializers import (
    AppearanceOut,
    ArticleQuery,
    AuthorOut,
    HitOut,
    ListedOut,
    MastheadOut,
    PageOut,
    SectionOut,
    TagOut,
)
from articles.errors import Gone
from articles.models import Article, Author, FormerSlug, Masthead, Section
from articles.querysets import COSTLY
from articles.search.ranking import Search
from articles.surrogate_keys import keys_of_list, keys_of_page
from newsroom.api.pagination import KeysetPage
from newsroom.api.sparse_fields import fields_parameter
from newsroom.api.views import NoParameters, PublicRead, Query, page_of
from newsroom.errors import NotFound
from newsroom.http.cache_control import ASKED_EACH_TIME, let_keep
from newsroom.http.canonical_urls import absolute
from newsroom.http.surrogate_keys import mark
from outbox.cache_targets import LIST_KEY, MASTHEAD, NEWEST_KEY, article_key, named


class NewestArticles(KeysetPage):
    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.order = queryset.newest()
        return super().paginate_queryset(queryset, request, view=view)


class ByPosition(KeysetPage):
    order = ("position", "pk")


class ByName(KeysetPage):
    order = ("name", "pk")


FIELDS = fields_parameter(HitOut, example="slug,headline,published_at")


class ArticleList(PublicRead):
    query = ArticleQuery
    pagination_class = NewestArticles

    @extend_schema(parameters=[ArticleQuery, FIELDS], responses=HitOut(many=True))
    def get(self, request: Request) -> Response:
        """Cards of live articles: newest first, or those a search finds, best and newest first."""
        cards = filtered(self.params)
        if question := self.params.get("q"):
            return page_of(self, Search(question, cards, self.params), HitOut, cut=Ranked)
        return page_of(self, cards, ListedOut)

    def keys_of(self, rows: list[Article]) -> list[str]:
        return keys_of_list(rows, wish=self.params)

    def terms(self) -> str:
        # What somebody searched for hardly anybody searches for again within the second.
        return ASKED_EACH_TIME if self.params.get("q") else super().terms()


def filtered(wish: dict[str, Any]) -> Any:
    """The cards of live articles that a reader asks for; filters combine."""
    parts = wish.get("fields")
    articles = (live_sparse_cards(parts & COSTLY) if parts else live_cards()).all()
    if slug := wish.get("section"):
        articles = articles.in_section(slug)
    if slug := wish.get("tag"):
        articles = articles.tagged(slug)
    if slug := wish.get("author"):
        articles = articles.by_author(slug)
    if moment := wish.get("published_after"):
        articles = articles.published_from(moment)
    if moment := wish.get("published_before"):
        articles = articles.published_until(moment)
    return articles


class ArticleDetail(PublicRead):
    answers = {"get": (301, 410)}

    @extend_schema(responses=PageOut)
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """The whole article page in one call."""
        article = live_page(slug)
        if article is None:
            return elsewhere(slug)
        related = stories_beside(article)
        self.shown = keys_of_page(article, related=related)
        page = page_as_read(article, related=related)
        return Response(page, headers={"Link": in_other_forms(article)})


@lru_cache(maxsize=10_000)
def address_of(view: str, slug: str) -> str:
    return reverse(view, args=[slug])


def in_other_forms(article: Article) -> str:
    """The Link header that leads to the page people read and to the form agencies read (RFC 8288)."""
    page, ninjs = article.get_absolute_url(), address_of("article-ninjs", article.slug)
    return ", ".join(
        f'<{absolute(path)}>; rel="alternate"; type="{kind}"'
        for path, kind in ((page, "text/html"), (ninjs, "application/json"))
    )


class EditionList(PublicRead):
    answers = {"get": (301, 410)}
    query = Query
    pagination_class = KeysetPage

    @extend_schema(parameters=[Query], responses=AppearanceOut(many=True))
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """The public change history of a live article: which edition from when on, newest first."""
        article = Article.objects.live().filter(slug=slug).only("pk").first()
        if article is None:
            return elsewhere(slug, to="edition-list")
        self.shown = [article_key(slug)]
        return page_of(self, article.appearances.select_related("edition"), AppearanceOut)


def elsewhere(slug: str, *, to: str = "article-detail") -> HttpResponse:
    """Where a reader goes who finds nothing live: 301 from a former address, 410 where the article
    was withdrawn, 404 for everything else, planned stories included."""
    if moved := redirect_from_former(slug, to=to):
        return moved
    raise_gone(slug)
    raise NotFound


def redirect_from_former(slug: str, *, to: str) -> HttpResponse | None:
    """The 301 from an address that a live or withdrawn article once had; None for any other."""
    if (current := address_now(slug)) is None:
        return None
    answer = HttpResponse(status=301)
    answer["Location"] = reverse(to, args=[current])
    let_keep(answer)
    mark(answer, [article_key(slug)])
    return answer


def address_now(slug: str) -> str | None:
    """The address of the live or withdrawn article that once had this one."""
    former = FormerSlug.objects.filter(slug=slug).select_related("article").first()
    if former is None:
        return None
    article = former.article
    # One whose time is over is at none of its addresses; a withdrawn one has its notice.
    seen = article.withdrawn_at or article.is_shown(timezone.now())
    return article.slug if seen else None


def raise_gone(slug: str) -> None:
    """Raise Gone, with the notice, for an article that readers have seen and that was withdrawn."""
    article = Article.objects.filter(slug=slug, withdrawn_at__isnull=False).first()
    if article and article.withdrawn_at:
        raise Gone(article.notice, article.withdrawn_at)


class SectionList(PublicRead):
    query = Query
    shown = ("sections",)
    pagination_class = ByPosition

    @extend_schema(parameters=[Query], responses=SectionOut(many=True))
    def get(self, request: Request) -> Response:
        """The sections, in the order of the menu."""
        return page_of(self, Section.objects.all(), SectionOut)


class AuthorList(PublicRead):
    query = Query
    shown = ("authors",)
    pagination_class = ByName

    @extend_schema(parameters=[Query], responses=AuthorOut(many=True))
    def get(self, request: Request) -> Response:
        """Everybody who signs, by name."""
        return page_of(self, Author.objects.all(), AuthorOut)


class AuthorDetail(PublicRead):
    answers = {"get": (301,)}

    @extend_schema(responses=AuthorOut)
    def get(self, request: Request, slug: str) -> Response:
        """One author."""
        self.shown = [named("author", slug)]
        return Response(AuthorOut(get_object_or_404(Author, slug=slug)).data)


class TagList(PublicRead):
    query = Query
    shown = ("tags", LIST_KEY, NEWEST_KEY)  # the tags of live stories
    pagination_class = ByName

    @extend_schema(parameters=[Query], responses=TagOut(many=True))
    def get(self, request: Request) -> Response:
        """The tags of live articles, by name."""
        return page_of(self, live_tags().all(), TagOut)


class MastheadDetail(PublicRead):
    query = NoParameters
    shown = (MASTHEAD,)

    @extend_schema(responses=MastheadOut)
    def get(self, request: Request) -> Response:
        """What the paper says of itself."""
        return Response(MastheadOut(Masthead.current()).data)
