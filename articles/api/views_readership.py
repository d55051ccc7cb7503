"""What readers read: the beacon that says so, and what is read most."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.api.representation import represent_card
from articles.api.serializers import CardOut
from articles.api.views import current_slug, raise_if_withdrawn
from articles.models import Article
from articles.readership.popular import POPULAR_WINDOWS, most_viewed_cards
from articles.readership.view_counts import record_view
from articles.readership.visitors import is_human_view
from articles.surrogate_keys import keys_of_list
from newsroom.api.pagination import KeysetPagination
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PublicReadView, QuerySerializer
from newsroom.errors import NotFound
from newsroom.http.no_cache_flush import mark_no_cache_flush
from polls.api.voter_cookie import refuse_cross_site


class ArticleViews(APIView):
    throttle_classes = [WriteThrottle]
    throttle_scope = "view"
    extra_responses = {"post": (403, 410)}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Say that somebody reads the article, as `navigator.sendBeacon` does; a body is not looked at.

        The same reader counts once in half an hour, and robots and browsers that only look ahead do not:
        the answer is the same. `counts.views` follows within seconds.
        """
        refuse_cross_site(request)
        article = live_article_id(slug)
        if is_human_view(request.META):
            record_view(article, meta=request.META)
        answer = Response(status=204)
        answer["Cache-Control"] = "no-store"
        mark_no_cache_flush(answer)
        return answer


def live_article_id(slug: str) -> int:
    """The number of the live article at an address that it has or had. Raises NotFound, and Gone where
    it was withdrawn."""
    if found := live_article_id_by_slug(slug):
        return found
    if (now := current_slug(slug)) and (found := live_article_id_by_slug(now)):
        return found
    raise_if_withdrawn(now or slug)
    raise NotFound


def live_article_id_by_slug(slug: str) -> int | None:
    return Article.objects.live().filter(slug=slug).values_list("pk", flat=True).first()


class PopularQuery(QuerySerializer):
    cursor = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    window = serializers.ChoiceField(
        choices=list(POPULAR_WINDOWS),
        default="24h",
        error_messages={"invalid_choice": _("Ask for 1h, 24h or 7d.")},
        help_text="How far back readings count; the hour in which it begins counts as a whole.",
    )


class PopularArticles(PublicReadView):
    query = PopularQuery
    pagination_class = KeysetPagination  # its shape; there is one page

    @extend_schema(parameters=[PopularQuery], responses=CardOut(many=True), filters=False)
    def get(self, request: Request) -> Response:
        """Cards of the live articles most read by different readers, the most read first; of equals the
        newest. One page."""
        wished = self.params
        cards: Any = most_viewed_cards(window=wished["window"], limit=wished["page_size"])
        self.surrogate_keys = keys_of_list(cards)
        rows = [represent_card(card) for card in cards]
        return Response({"next": None, "previous": None, "results": rows})
