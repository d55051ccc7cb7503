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
from desk.permissions import may_write
from desk.section_rights import section_roles_of, visible_articles
from newsroom.admin.base import BaseAdmin
from newsroom.text.normalization import normalize_line

MAX_STORIES_FOUND = 10
MAX_SEARCH_CHARS = 100
READ_COLUMNS = ("uid", "slug", "live__headline", "embargo_until", "expires_at")


class BoxedStoryPages(BaseAdmin):
    """The search of stories for related boxes, for the admin of drafts."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [path("stories/", wrap(self.find_stories), name="desk_draft_stories")]
        return [*own, *super().get_urls()]

    def find_stories(self, request: HttpRequest) -> JsonResponse:
        """JSON of the newest stories that match `q`, published or planned: the same that the user may pick
        as related articles."""
        if not may_write(request.user):  # type: ignore[arg-type]  # staff by now
            raise PermissionDenied
        query = normalize_line(request.GET.get("q", ""))[:MAX_SEARCH_CHARS]
        articles = readable(
            visible_articles(request.user, Article.objects.filter(withdrawn_at=None))
        )
        if query:
            articles = articles.filter(
                Q(live__headline__icontains=query) | Q(slug__icontains=query)
            )
        now = timezone.now()
        results = [
            {"id": str(row.uid), "headline": headline_of(row), "is_live": row.is_shown(now)}
            for row in articles.order_by("-pk")[:MAX_STORIES_FOUND]
        ]
        return JsonResponse({"results": results})


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
