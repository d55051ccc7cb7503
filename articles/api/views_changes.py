"""API view of the change feed, which mirrors and search engines follow."""

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
from articles.cache_targets import LIST_KEY, NEWEST_KEY, article_key, keys_of_cards
from articles.models import REMOVED_KINDS, Change, FormerSlug
from articles.read_queries import live_cards
from newsroom.api.views import PublicReadView, QuerySerializer
from newsroom.db.expressions import JSONArraySubquery
from newsroom.http.canonical_urls import absolute_url

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
        if line.shown or line.kind in REMOVED_KINDS:
            return str(line.kind)
        # No longer live, and not swept into the feed yet: its kind in the row is still the last one.
        return str(REMOVED_KINDS[0] if line.article.withdrawn_at else REMOVED_KINDS[1])

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_edition(self, line: Any) -> int | None:
        return line.shown.number if line.shown else None

    @extend_schema_field(CardOut(allow_null=True))
    def get_article(self, line: Any) -> Any:
        return CardOut(line.shown).data if line.shown else None


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
        position = parse_cursor(self.params.get("since"))
        size = self.params["page_size"]
        lines: Any = list(changes_after(position)[: size + 1])
        if position and not lines and position > last_position():
            raise ValidationError({"since": [_("This cursor is no longer good: begin anew.")]})
        has_more, lines = len(lines) > size, lines[:size]
        live: Any = live_cards().filter(pk__in=[line.pk for line in lines])
        cards = {card.pk: card for card in live.annotate(number=F("live__number"))}
        for line in lines:
            line.shown = cards.get(line.pk)
        articles = [article_key(line.article.slug) for line in lines]
        self.surrogate_keys = [LIST_KEY, NEWEST_KEY, *articles, *keys_of_cards(cards.values())]
        return Response(
            {
                "next": self.link(request, lines[-1].position if lines else position),
                "previous": None,
                "more": has_more,
                "results": ChangeOut(lines, many=True).data,
            }
        )

    def link(self, request: Request, position: int) -> str:
        parameters = request.query_params.copy()
        # No timestamp in the signature: an unchanged page has the same bytes, and so the same ETag.
        parameters["since"] = signing.Signer(salt=CURSOR_SALT).sign_object([position])
        return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def parse_cursor(cursor: str | None) -> int:
    """The position in a signed cursor; 0, before the first, without one. Raises ValidationError."""
    if not cursor:
        return 0
    try:
        return int(signing.Signer(salt=CURSOR_SALT).unsign_object(cursor)[0])
    except signing.BadSignature:
        raise ValidationError({"since": [_("This cursor does not belong here.")]}) from None


def changes_after(position: int) -> Any:
    """Changes after a position in order, with article and former slugs. One query."""
    former = FormerSlug.objects.filter(article=OuterRef("pk")).order_by("pk")
    lines = Change.objects.filter(position__gt=position).order_by("position")
    return (
        lines.select_related("article")
        .only("position", "kind", "at", "article__uid", "article__slug", "article__withdrawn_at")
        .annotate(former=JSONArraySubquery(former, slug="slug"))
    )


def last_position() -> int:
    last = Change.objects.order_by("-position").values_list("position", flat=True).first()
    return last or 0
