"""Readers keep articles to read again."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READERS, SignedIn, reader
from articles.models import Article
from newsroom.api.pagination import KeysetPage
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import Personal, Query, page_of
from newsroom.errors import NotFound
from saves.actions import drop, keep
from saves.api.serializers import SavedOut
from saves.models import cards_saved_by


class NewestSaves(KeysetPage):
    order = ("-save_number",)


class ArticleSave(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "save"

    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        """Keep the article. Doing it twice changes nothing."""
        article = Article.objects.live().at(slug).first()
        if article is None:
            raise NotFound
        keep(article, by=reader(request))
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Take it off the list, also where it was withdrawn meanwhile. Twice changes nothing."""
        article = Article.objects.at(slug).first()
        if article is None:
            raise NotFound
        if not (drop(article, by=reader(request)) or article.is_shown(timezone.now())):
            raise NotFound
        return Response(status=204)


class MySaves(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]
    pagination_class = NewestSaves

    @extend_schema(parameters=[Query], responses=SavedOut(many=True))
    def get(self, request: Request) -> Response:
        """Cards of the articles one has kept, last kept first; withdrawn ones are left out."""
        self.params = Query.of(request)
        return page_of(self, cards_saved_by(reader(request)), SavedOut)
