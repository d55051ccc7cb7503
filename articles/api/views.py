"""Reader API views: articles, editions, sections, authors, tags, masthead."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.ranked_pagination import RankedPagination
from articles.api.representation import represent_page
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
from articles.cache_targets import (
    LIST_KEY,
    MASTHEAD_KEY,
    NEWEST_KEY,
    article_key,
    keys_of_list,
    keys_of_page,
    taxonomy_name_key,
)
from articles.errors import Gone
from articles.models import Article, Author, FormerSlug, Masthead, Section
from articles.models.querysets import EXPENSIVE_CARD_FIELDS
from articles.models.read_models import ArticleCard, ArticlePage
from articles.read_queries import (
    LIST_FILTERS,
    LIST_PAGE_SIZE,
    NewestCards,
    live_cards,
    live_page,
    live_sparse_cards,
    live_tags,
    related_cards,
)
from articles.search.ranking import Search
from newsroom.api.pagination import KeysetPagination
from newsroom.api.sparse_fields import fields_openapi_parameter
from newsroom.api.views import NoParameters, PublicReadView, QuerySerializer, paginated_response
from newsroom.errors import NotFound
from newsroom.http.cache_control import REVALIDATE_ALWAYS, set_public_cache_control
from newsroom.http.canonical_urls import absolute_url
from newsroom.http.surrogate_keys import set_surrogate_keys


class NewestFirstPagination(KeysetPagination):
    """Pages of articles by first publication, in the order of the list they are filtered by."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.order = queryset.newest_ordering()
        return super().paginate_queryset(queryset, request, view=view)

    def fetch_rows(self, queryset: Any, **page: Any) -> list[Any]:
        if isinstance(queryset, NewestCards):
            return queryset.fetch(**page)
        return super().fetch_rows(queryset, **page)


class PositionPagination(KeysetPagination):
    """Pages in the order set by the editors."""

    order = ("position", "pk")


class NamePagination(KeysetPagination):
    """Pages by name."""

    order = ("name", "pk")


FIELDS_PARAMETER = fields_openapi_parameter(HitOut, example="slug,headline,published_at")


class ArticleList(PublicReadView):
    query = ArticleQuery
    pagination_class = NewestFirstPagination

    @extend_schema(parameters=[ArticleQuery, FIELDS_PARAMETER], responses=HitOut(many=True))
    def get(self, request: Request) -> Response:
        """Cards of live articles: newest first, or those a search finds, best and newest first."""
        if cards := compiled_cards(self.params):
            return paginated_response(self, cards, ListedOut)
        cards = filter_cards(self.params)
        if query := self.params.get("q"):
            return paginated_response(
                self, Search(query, cards, self.params), HitOut, paginator_class=RankedPagination
            )
        return paginated_response(self, cards, ListedOut)

    def get_surrogate_keys(self, rows: list[ArticleCard]) -> list[str]:
        return keys_of_list(rows, params=self.params)

    def get_cache_control(self) -> str:
        # A search is rarely repeated within the second for which an answer may be cached.
        return REVALIDATE_ALWAYS if self.params.get("q") else super().get_cache_control()


def compiled_cards(params: dict[str, Any]) -> Any:
    """The cards that these validated parameters ask for, where their queries are compiled; else None."""
    given = {name for name, value in params.items() if value} - {"cursor", "page_size"}
    if params["page_size"] != LIST_PAGE_SIZE or len(given) > 1 or not given <= LIST_FILTERS.keys():
        return None
    kind = "".join(given)
    return NewestCards(kind, params.get(kind, ""))


def filter_cards(params: dict[str, Any]) -> Any:
    """Cards of live articles with all filters of these validated parameters applied."""
    parts = params.get("fields")
    articles = (live_sparse_cards(parts & EXPENSIVE_CARD_FIELDS) if parts else live_cards()).all()
    if slug := params.get("section"):
        articles = articles.in_section(slug)
    if slug := params.get("tag"):
        articles = articles.tagged(slug)
    if slug := params.get("author"):
        articles = articles.by_author(slug)
    if moment := params.get("published_after"):
        articles = articles.published_from(moment)
    if moment := params.get("published_before"):
        articles = articles.published_until(moment)
    return articles


class ArticleDetail(PublicReadView):
    extra_responses = {"get": (301, 410)}

    @extend_schema(responses=PageOut)
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """The whole article page in one call."""
        article = live_page(slug)
        if article is None:
            return redirect_or_raise(slug)
        related = related_cards(article)
        self.surrogate_keys = keys_of_page(article, related=related)
        page = represent_page(article, related=related)
        return Response(page, headers={"Link": alternate_links(article)})


@lru_cache(maxsize=10_000)
def cached_reverse(view: str, slug: str) -> str:
    return reverse(view, args=[slug])


def alternate_links(article: ArticlePage) -> str:
    """Link header (RFC 8288) with the alternate representations: the HTML page and ninjs."""
    page, ninjs = article.get_absolute_url(), cached_reverse("article-ninjs", article.slug)
    return ", ".join(
        f'<{absolute_url(path)}>; rel="alternate"; type="{media_type}"'
        for path, media_type in ((page, "text/html"), (ninjs, "application/json"))
    )


class EditionList(PublicReadView):
    extra_responses = {"get": (301, 410)}
    query = QuerySerializer
    pagination_class = KeysetPagination

    @extend_schema(parameters=[QuerySerializer], responses=AppearanceOut(many=True))
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """The public change history of a live article: which edition from when on, newest first."""
        article = Article.objects.live().filter(slug=slug).only("pk").first()
        if article is None:
            return redirect_or_raise(slug, to="edition-list")
        self.surrogate_keys = [article_key(slug)]
        return paginated_response(
            self, article.appearances.select_related("edition"), AppearanceOut
        )


def redirect_or_raise(slug: str, *, to: str = "article-detail") -> HttpResponse:
    """Redirect from a former slug to the view `to`, or raise Gone or NotFound; for a slug not live.

    301 if the slug is a former one, Gone (410) if the article was withdrawn, NotFound (404) for everything
    else, scheduled articles included.
    """
    if redirect := redirect_from_former_slug(slug, to=to):
        return redirect
    raise_if_withdrawn(slug)
    raise NotFound


def redirect_from_former_slug(slug: str, *, to: str) -> HttpResponse | None:
    """Redirect (301) from the former slug of a live or withdrawn article; None for any other slug."""
    if (current := current_slug(slug)) is None:
        return None
    response = HttpResponse(status=301)
    response["Location"] = reverse(to, args=[current])
    set_public_cache_control(response)
    set_surrogate_keys(response, [article_key(slug)])
    return response


def current_slug(slug: str) -> str | None:
    """Current slug of the live or withdrawn article with this former slug; None if there is none."""
    former = FormerSlug.objects.filter(slug=slug).select_related("article").first()
    if former is None:
        return None
    article = former.article
    # An expired article has no page; a withdrawn one answers with its notice.
    has_page = article.withdrawn_at or article.is_shown(timezone.now())
    return article.slug if has_page else None


def raise_if_withdrawn(slug: str) -> None:
    """Raise Gone with the notice if the article with this slug was withdrawn."""
    article = Article.objects.filter(slug=slug, withdrawn_at__isnull=False).first()
    if article and article.withdrawn_at:
        raise Gone(article.notice, article.withdrawn_at)


class SectionList(PublicReadView):
    query = QuerySerializer
    surrogate_keys = ("sections",)
    pagination_class = PositionPagination

    @extend_schema(parameters=[QuerySerializer], responses=SectionOut(many=True))
    def get(self, request: Request) -> Response:
        """The sections, in the order of the menu."""
        return paginated_response(self, Section.objects.all(), SectionOut)


class AuthorList(PublicReadView):
    query = QuerySerializer
    surrogate_keys = ("authors",)
    pagination_class = NamePagination

    @extend_schema(parameters=[QuerySerializer], responses=AuthorOut(many=True))
    def get(self, request: Request) -> Response:
        """Everybody who signs, by name."""
        return paginated_response(self, Author.objects.all(), AuthorOut)


class AuthorDetail(PublicReadView):
    extra_responses = {"get": (301,)}

    @extend_schema(responses=AuthorOut)
    def get(self, request: Request, slug: str) -> Response:
        """One author."""
        self.surrogate_keys = [taxonomy_name_key("author", slug)]
        return Response(AuthorOut(get_object_or_404(Author, slug=slug)).data)


class TagList(PublicReadView):
    query = QuerySerializer
    surrogate_keys = ("tags", LIST_KEY, NEWEST_KEY)  # the tags of live stories
    pagination_class = NamePagination

    @extend_schema(parameters=[QuerySerializer], responses=TagOut(many=True))
    def get(self, request: Request) -> Response:
        """The tags of live articles, by name."""
        return paginated_response(self, live_tags().all(), TagOut)


class MastheadDetail(PublicReadView):
    query = NoParameters
    surrogate_keys = (MASTHEAD_KEY,)

    @extend_schema(responses=MastheadOut)
    def get(self, request: Request) -> Response:
        """What the paper says of itself."""
        return Response(MastheadOut(Masthead.current()).data)
