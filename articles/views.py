"""Readers read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles.browsing import Ranked
from articles.errors import Gone
from articles.keys import keys_of_list, keys_of_page
from articles.models import Article, Author, FormerSlug, Masthead, Section
from articles.ready import live_cards, live_pages, live_tags
from articles.searching import Search
from articles.serializers import (
    AppearanceOut,
    ArticleQuery,
    AuthorOut,
    CardOut,
    HitOut,
    MastheadOut,
    PageOut,
    SectionOut,
    TagOut,
)
from dispatch.places import LIST_KEY, MASTHEAD, NEWEST_KEY, article_key, named
from newsroom.api import NoParameters, PublicRead, Query, page_of
from newsroom.errors import NotFound
from newsroom.paging import KeysetPage


class NewestArticles(KeysetPage):
    order = ("-first_published_at", "-pk")


class ByPosition(KeysetPage):
    order = ("position", "pk")


class ByName(KeysetPage):
    order = ("name", "pk")


class ArticleList(PublicRead):
    query = ArticleQuery
    pagination_class = NewestArticles

    @extend_schema(parameters=[ArticleQuery], responses=HitOut(many=True))
    def get(self, request: Request) -> Response:
        """Cards of live articles: newest first, or those a search finds, best and newest first."""
        cards = filtered(self.params)
        if question := self.params.get("q"):
            return page_of(self, Search(question, cards, self.params), HitOut, cut=Ranked)
        return page_of(self, cards, CardOut)

    def keys_of(self, rows: list[Article]) -> list[str]:
        return keys_of_list(rows, wish=self.params)


def filtered(wish: dict[str, Any]) -> Any:
    """The cards of live articles that a reader asks for; filters combine."""
    articles = live_cards().all()
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
    @extend_schema(responses=PageOut)
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """The whole article page in one call."""
        article = live_pages().filter(slug=slug).first()
        if article is None:
            return elsewhere(slug)
        related = list(live_cards().picked_for(article)[:10])
        self.shown = keys_of_page(article, related=related)
        return Response(PageOut(article, context={"related": related}).data)


class EditionList(PublicRead):
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
    if current := address_now(slug):
        answer = HttpResponse(status=301)
        answer["Location"] = reverse(to, args=[current])
        return answer
    raise_gone(slug)
    raise NotFound


def address_now(slug: str) -> str | None:
    """The address of the live or withdrawn article that once had this one."""
    former = FormerSlug.objects.filter(slug=slug).select_related("article").first()
    return former.article.slug if former else None


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
