"""API views of saved articles: save, remove, list."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from articles.models import Article
from articles.read_queries import live_article_at
from newsroom.api.pagination import KeysetPagination
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PersonalView, QuerySerializer, paginated_response
from newsroom.errors import NotFound
from saves.actions import save_article, unsave_article
from saves.api.serializers import SavedOut
from saves.models import saved_cards


class NewestSaves(KeysetPagination):
    order = ("-save_number",)


class ArticleSave(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    throttle_classes = [WriteThrottle]
    throttle_scope = "save"

    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        """Keep the article. Doing it twice changes nothing."""
        article = live_article_at(slug)
        if article is None:
            raise NotFound
        save_article(article, by=signed_in_user(request))
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Take it off the list, also where it was withdrawn meanwhile. Twice changes nothing."""
        article = Article.objects.at(slug).first()
        if article is None:
            raise NotFound
        if not (
            unsave_article(article, by=signed_in_user(request)) or article.is_shown(timezone.now())
        ):
            raise NotFound
        return Response(status=204)


class MySaves(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    pagination_class = NewestSaves

    @extend_schema(parameters=[QuerySerializer], responses=SavedOut(many=True))
    def get(self, request: Request) -> Response:
        """Cards of the articles one has kept, last kept first; withdrawn ones are left out."""
        self.params = QuerySerializer.validate_query(request)
        return paginated_response(self, saved_cards(signed_in_user(request)), SavedOut)
