"""API views of readership: the page view beacon, and the most-read articles."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.api.representation import represent_card
from articles.api.serializers import CardOut
from articles.api.views import current_slug, raise_if_withdrawn
from articles.cache_targets import POPULAR_KEY, keys_of_list
from articles.read_queries import live_article_at
from articles.readership.popular import POPULAR_WINDOWS, most_viewed_cards
from articles.readership.referrers import MAX_REFERRER_CHARS
from articles.readership.view_counts import record_view
from articles.readership.visitors import is_human_view
from newsroom.api.cross_site import refuse_cross_site
from newsroom.api.pagination import KeysetPagination
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PublicReadView, QuerySerializer
from newsroom.errors import NotFound
from newsroom.http.response_cache import no_cache_flush

REFERRER_SCHEMA = {
    "type": "string",
    "maxLength": MAX_REFERRER_CHARS,
    "example": "https://search.naver.com",
}


def referrer_in(request: Request) -> str:
    """The referrer in the body of a beacon, of whatever content type."""
    body: bytes = request.body  # of Django's request: DRF would parse by content type, and refuse
    return body[:MAX_REFERRER_CHARS].decode(errors="replace")


def own_hosts(request: Request) -> set[str]:
    """The host names of this site, without port."""
    hosts = (urlsplit(f"//{request.get_host()}").hostname, urlsplit(settings.SITE_URL).hostname)
    return {host for host in hosts if host}


class ArticleViews(APIView):
    throttle_classes = [WriteThrottle]
    throttle_scope = "view"
    extra_responses = {"post": (403, 410)}

    @extend_schema(request={"text/plain": REFERRER_SCHEMA}, responses={204: None})
    @no_cache_flush
    def post(self, request: Request, slug: str) -> Response:
        """Count a page view of the article; the beacon of `navigator.sendBeacon`.

        The body is plain text: the origin of the page before (of `document.referrer`), or empty. Counted is
        its class alone (direct, search, portal, social, other, internal), for the newsroom; no address is
        stored, and what cannot be read is taken for none.

        The same reader counts once in half an hour, and robots and browsers that only look ahead do not:
        the answer is the same. `counts.views` follows within seconds.
        """
        refuse_cross_site(request)
        article_id = live_article_id(slug)
        if is_human_view(request.META):
            record_view(
                article_id,
                meta=request.META,
                referrer=referrer_in(request),
                own_hosts=own_hosts(request),
            )
        response = Response(status=204)
        response["Cache-Control"] = "no-store"
        return response


def live_article_id(slug: str) -> int:
    """Id of the live article with this current or former slug. Raises Gone if withdrawn, or NotFound."""
    if article := live_article_at(slug):
        return article.pk
    current = current_slug(slug)
    if current and (article := live_article_at(current)):
        return article.pk
    raise_if_withdrawn(current or slug)
    raise NotFound


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
    pagination_class = KeysetPagination  # for the shape of the answer; there is only one page

    @extend_schema(parameters=[PopularQuery], responses=CardOut(many=True), filters=False)
    def get(self, request: Request) -> Response:
        """Cards of the live articles most read by different readers, the most read first; of equals the
        newest. One page."""
        params = self.params
        cards: Any = most_viewed_cards(window=params["window"], limit=params["page_size"])
        self.surrogate_keys = [*keys_of_list(cards), POPULAR_KEY]
        rows = [represent_card(card) for card in cards]
        return Response({"next": None, "previous": None, "results": rows})
