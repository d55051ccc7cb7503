"""API view of an article as IPTC ninjs 3.1."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.serializers import PageOut
from articles.api.views import redirect_or_raise
from articles.cache_targets import keys_of_page
from articles.models import Masthead
from articles.read_queries import live_page
from articles.syndication.ninjs import NINJS_SCHEMA_URL, build_ninjs
from newsroom.api.views import PublicReadView


class ArticleNinjs(PublicReadView):
    extra_responses = {"get": (301, 410)}

    @extend_schema(
        responses=OpenApiResponse(OpenApiTypes.OBJECT, f"As {NINJS_SCHEMA_URL} describes it.")
    )
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        """The article as an IPTC ninjs 3.1 news object, for agencies and archives."""
        article = live_page(slug)
        if article is None:
            return redirect_or_raise(slug, to="article-ninjs")
        self.surrogate_keys = keys_of_page(article, related=[])
        page = PageOut(article, context={"related": []}).data
        paper = article.paper or Masthead().name
        notice = article.rights or ""
        return Response(build_ninjs(page, uri=article.urn(), paper=paper, notice=notice))
