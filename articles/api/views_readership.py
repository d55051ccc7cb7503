"""What readers read: the beacon that says so, and what is read most."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.api.representation import card_as_read
from articles.api.serializers import CardOut
from articles.api.views import address_now, raise_gone
from articles.models import Article
from articles.readership.popular import WINDOWS, cards_most_read
from articles.readership.view_counts import read
from articles.readership.visitors import is_reading
from articles.surrogate_keys import keys_of_list
from newsroom.api.pagination import KeysetPage
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PublicRead, Query
from newsroom.errors import NotFound
from newsroom.http.no_cache_flush import harmless
from polls.voter_cookie import refuse_foreign


class ArticleViews(APIView):
    throttle_classes = [WriteThrottle]
    throttle_scope = "view"
    answers = {"post": (403, 410)}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Say that somebody reads the article, as `navigator.sendBeacon` does; a body is not looked at.

        The same reader counts once in half an hour, and robots and browsers that only look ahead do not:
        the answer is the same. `counts.views` follows within seconds.
        """
        refuse_foreign(request)
        article = live_at(slug)
        if is_reading(request.META):
            read(article, meta=request.META)
        answer = Response(status=204)
        answer["Cache-Control"] = "no-store"
        harmless(answer)
        return answer


def live_at(slug: str) -> int:
    """The number of the live article at an address that it has or had. Raises NotFound, and Gone where
    it was withdrawn."""
    if found := number_at(slug):
        return found
    if (now := address_now(slug)) and (found := number_at(now)):
        return found
    raise_gone(now or slug)
    raise NotFound


def number_at(slug: str) -> int | None:
    return Article.objects.live().filter(slug=slug).values_list("pk", flat=True).first()


class PopularQuery(Query):
    cursor = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    window = serializers.ChoiceField(
        choices=list(WINDOWS),
        default="24h",
        error_messages={"invalid_choice": _("Ask for 1h, 24h or 7d.")},
        help_text="How far back readings count; the hour in which it begins counts as a whole.",
    )


class PopularArticles(PublicRead):
    query = PopularQuery
    pagination_class = KeysetPage  # its shape; there is one page

    @extend_schema(parameters=[PopularQuery], responses=CardOut(many=True), filters=False)
    def get(self, request: Request) -> Response:
        """Cards of the live articles most read by different readers, the most read first; of equals the
        newest. One page."""
        wished = self.params
        cards: Any = cards_most_read(window=wished["window"], most=wished["page_size"])
        self.shown = keys_of_list(cards)
        rows = [card_as_read(card) for card in cards]
        return Response({"next": None, "previous": None, "results": rows})
