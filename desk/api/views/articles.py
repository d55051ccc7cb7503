"""Endpoint of an article, for the desk."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.api.base import DraftResourceView
from desk.api.serializers.wire import ArticleOut
from desk.etags import entity_tag
from desk.models import Draft
from desk.status import with_status


class ArticleDetail(DraftResourceView):
    """GET: an article."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=ArticleOut)
    def get(self, request: Request, slug: str) -> Response:
        """What readers have of it, and the agency copy it was written from. Its ETag is good for
        `withdraw/` and `restore/`."""
        draft = self.get_resource(article__slug=slug)
        row = with_status(Draft.objects.in_full()).get(pk=draft.pk)
        data = ArticleOut(row).data
        tag = entity_tag("draft", row.pk, row.version, data)
        return Response(data, headers={"ETag": tag})
