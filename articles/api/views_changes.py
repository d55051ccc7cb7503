"""The change feed: mirrors and search engines follow what readers may know."""

from typing import Any

from django.core import signing
from django.db.models import F, OuterRef
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.serializers import CardOut
from articles.models import REMOVED_KINDS, Change, FormerSlug
from articles.read_queries import live_cards
from articles.surrogate_keys import keys_of_cards
from newsroom.api.views import PublicReadView, QuerySerializer
from newsroom.db.json_rows import JSONArraySubquery
from newsroom.http.canonical_urls import absolute_url
from outbox.cache_targets import LIST_KEY, NEWEST_KEY, article_key

CURSOR_SALT = "articles.changes"


class ChangesQuery(QuerySerializer):
    cursor = None  # type: ignore[assignment]  # DRF's way to take an inherited field back
    since = serializers.CharField(
        max_length=200,
        required=False,
        help_text="From `next` of an earlier answer; without it, from the beginning.",
    )


class ChangeOut(serializers.Serializer[Change]):
    """The latest change of an article. Takes lines with `shown`, the card where readers see it."""

    id = serializers.CharField(
        source="article.urn", help_text="Permanent, whatever its address: urn:uuid: and a UUID."
    )
    slug = serializers.CharField(source="article.slug")
    former_slugs = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    edition = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_former_slugs(self, line: Any) -> list[str]:
        """Addresses that lead here now."""
        return [row["slug"] for row in line.former]

    @extend_schema_field(serializers.URLField())
    def get_url(self, line: Change) -> str:
        return absolute_url(line.article.get_absolute_url())

    @extend_schema_field(serializers.ChoiceField(choices=Change.Kind.choices))
    def get_kind(self, line: Any) -> str:
        """What happened last; `withdrawn` (410) and `expired` (404) are without words."""
        if line.surrogate_keys or line.kind in REMOVED_KINDS:
            return str(line.kind)
        # Its words went this very second, and the next sweep will say so.
        return str(REMOVED_KINDS[0] if line.article.withdrawn_at else REMOVED_KINDS[1])

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_edition(self, line: Any) -> int | None:
        return line.surrogate_keys.number if line.surrogate_keys else None

    @extend_schema_field(CardOut(allow_null=True))
    def get_article(self, line: Any) -> Any:
        return CardOut(line.surrogate_keys).data if line.surrogate_keys else None


class ChangeFeed(PublicReadView):
    query = ChangesQuery

    @extend_schema(
        parameters=[ChangesQuery],
        responses=inline_serializer(
            "ChangesOut",
            {
                "next": serializers.URLField(help_text="Always there: ask it again later."),
                "previous": serializers.URLField(allow_null=True, help_text="Always null."),
                "more": serializers.BooleanField(help_text="Whether `next` has something now."),
                "results": ChangeOut(many=True),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        """What happened to articles that readers have seen, oldest first, each article once: its
        latest change, as a card or, where its words are gone, without one.

        Follow `next` for ever: nothing is left out, and what changes again comes again. Ask with
        `If-None-Match`; 304 says that nothing has happened.
        """
        place = parse_cursor(self.params.get("since"))
        size = self.params["page_size"]
        lines: Any = list(changes_after(place)[: size + 1])
        if place and not lines and place > last_position():
            raise ValidationError({"since": [_("This cursor is no longer good: begin anew.")]})
        more, lines = len(lines) > size, lines[:size]
        shown = live_cards().filter(pk__in=[c.pk for c in lines])
        cards = {card.pk: card for card in shown.annotate(number=F("live__number"))}
        for line in lines:
            line.surrogate_keys = cards.get(line.pk)
        stories = [article_key(line.article.slug) for line in lines]
        self.surrogate_keys = [LIST_KEY, NEWEST_KEY, *stories, *keys_of_cards(cards.values())]
        return Response(
            {
                "next": self.link(request, lines[-1].place if lines else place),
                "previous": None,
                "more": more,
                "results": ChangeOut(lines, many=True).data,
            }
        )

    def link(self, request: Request, place: int) -> str:
        parameters = request.query_params.copy()
        # Without the time of signing: the same page is the same bytes, and keeps its ETag.
        parameters["since"] = signing.Signer(salt=CURSOR_SALT).sign_object([place])
        return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def parse_cursor(cursor: str | None) -> int:
    """The place that a cursor says; 0, before all, without one."""
    if not cursor:
        return 0
    try:
        return int(signing.Signer(salt=CURSOR_SALT).unsign_object(cursor)[0])
    except signing.BadSignature:
        raise ValidationError({"since": [_("This cursor does not belong here.")]}) from None


def changes_after(place: int) -> Any:
    former = FormerSlug.objects.filter(article=OuterRef("pk")).order_by("pk")
    lines = Change.objects.filter(place__gt=place).order_by("place")
    return (
        lines.select_related("article")
        .only("place", "kind", "at", "article__uid", "article__slug", "article__withdrawn_at")
        .annotate(former=JSONArraySubquery(former, slug="slug"))
    )


def last_position() -> int:
    last = Change.objects.order_by("-place").values_list("place", flat=True).first()
    return last or 0
