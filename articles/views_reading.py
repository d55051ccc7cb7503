"""What readers read: the beacon that says so, and what is read most."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.keys import keys_of_list
from articles.models import Article
from articles.ranking import WINDOWS, cards_most_read
from articles.readers import is_reading
from articles.readership import read
from articles.serializers import CardOut
from articles.showing import card_as_read
from articles.views import address_now, raise_gone
from newsroom.api import PublicRead, Query
from newsroom.errors import NotFound
from newsroom.harmless import harmless
from newsroom.paging import KeysetPage
from newsroom.throttles import WriteThrottle
from polls.browsers import refuse_foreign


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
