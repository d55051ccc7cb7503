"""Stories for the related boxes of a body: their search in the editor, and their headlines there."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.models.querysets import ArticleQuerySet
from articles.search.ranking import Search
from desk.models import Draft
from desk.permissions import may_write
from desk.section_rights import section_roles_of, visible_articles
from newsroom.admin.base import BaseAdmin
from newsroom.admin.row_ids import is_id
from newsroom.errors import InvalidSearchQuery
from newsroom.search.query_parser import parse_query
from newsroom.text.normalization import normalize_line

MAX_STORIES_FOUND = 10
MAX_SEARCH_CHARS = 100
MAX_DRAFTS_SEARCHED = 500  # for stories that are not in the index of published ones
READ_COLUMNS = ("uid", "slug", "live__headline", "embargo_until", "expires_at")


class BoxedStoryPages(BaseAdmin):
    """The search of stories for related boxes, for the admin of drafts."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [path("stories/", wrap(self.find_stories), name="desk_draft_stories")]
        return [*own, *super().get_urls()]

    def find_stories(self, request: HttpRequest) -> JsonResponse:
        """JSON of stories that match `q`, published or planned, which the user may see and a box of the
        story `draft` can show: of the newest drafts, then published ones from the index of readers' search.
        """
        if not may_write(request.user):  # type: ignore[arg-type]  # staff by now
            raise PermissionDenied
        query = normalize_line(request.GET.get("q", ""))[:MAX_SEARCH_CHARS]
        articles = Article.objects.filter(withdrawn_at=None).recommended()
        if is_id(number := request.GET.get("draft", "")):
            own = Draft.objects.filter(pk=number, article__isnull=False).values("article")
            articles = articles.exclude(pk__in=own)
        recent = readable(visible_articles(request.user, articles)).order_by("-pk")
        if query:
            headline, slug = Q(live__headline__icontains=query), Q(slug__icontains=query)
            recent = recent.filter(headline | slug, pk__in=recently_drafted())
        found = {row.pk: row for row in recent[:MAX_STORIES_FOUND]}
        if query and len(found) < MAX_STORIES_FOUND:
            for row in search_live(articles, query):
                found.setdefault(row.pk, row)
        now = timezone.now()
        rows = list(found.values())[:MAX_STORIES_FOUND]
        results = [
            {"id": str(row.uid), "headline": headline_of(row), "is_live": row.is_shown(now)}
            for row in rows
        ]
        return JsonResponse({"results": results})


def recently_drafted() -> QuerySet[Any]:
    """The ids of the articles of the newest drafts: a bounded number of rows to look at."""
    drafts = Draft.objects.filter(article__isnull=False).order_by("-pk")
    return drafts.values("article")[:MAX_DRAFTS_SEARCHED]


def search_live(articles: ArticleQuerySet[Article], query: str) -> list[Any]:
    """Those of these articles that readers find with this query, best first; none where it is no query."""
    try:
        parsed = parse_query(query)
    except InvalidSearchQuery:
        return []
    cards: Any = articles.live().select_related("live")
    search = Search(parsed, cards, params={})
    return search.hits(after_rank=None, backwards=False, limit=MAX_STORIES_FOUND).rows


def headlines_of(uids: Collection[UUID], *, reader: Any) -> dict[UUID, str]:
    """The headlines of the articles with these identifiers, for the editor; a text without any for those
    that the reader may not see. At most two queries."""
    rows = Article.objects.filter(uid__in=uids)
    visible = {row.uid: headline_of(row) for row in readable(visible_articles(reader, rows))}
    if len(visible) == len(uids) or section_roles_of(reader) is None:
        return visible
    hidden = dict.fromkeys(rows.values_list("uid", flat=True), _("(story of another section)"))
    return hidden | visible


def readable(articles: QuerySet[Article]) -> QuerySet[Article]:
    return articles.select_related("live").only(*READ_COLUMNS)


def headline_of(article: Any) -> str:
    """The live headline; the address of a story that is not published."""
    return str(article.live.headline if article.live else article.slug)
