"""Serializers of the reader API: cards, pages, editions, sections, authors, tags, masthead.

Subclasses inherit class docstrings, which are descriptions in docs/openapi.yaml.
"""

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.representation import CARD_FIELDS, represent_card, represent_page
from articles.api.text_fields import EditorialTextMixin
from articles.models import Appearance, Author, Masthead, Section, Tag
from articles.models.editorial import CARD_TEXT_FIELDS, EDITORIAL_FIELDS
from articles.models.read_models import ArticleCard
from media.serializers import PhotoOut
from newsroom.api.sparse_fields import FieldNamesField, SparseFieldsSerializer
from newsroom.api.views import CanonicalSlugField, QuerySerializer, UTCDateTimeField
from newsroom.errors import InvalidSearchQuery
from newsroom.http.canonical_urls import absolute_url
from newsroom.search.query_parser import MAX_QUERY_CHARS, ParsedQuery, parse_query
from polls.api.serializers import PollOut


class AddressedSerializer(serializers.ModelSerializer[Any]):
    """Something with a page of its own."""

    slug = serializers.CharField()  # letters of any script, for which JSON Schema has no pattern
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, thing: Any) -> str:
        return absolute_url(thing.get_absolute_url())


class SectionOut(AddressedSerializer):
    class Meta:
        model = Section
        fields = ["slug", "name", "url"]


class TagOut(AddressedSerializer):
    class Meta:
        model = Tag
        fields = ["slug", "name", "url"]


class AuthorOut(AddressedSerializer):
    class Meta:
        model = Author
        fields = ["slug", "name", "role", "title", "bio", "url"]


class MastheadOut(serializers.ModelSerializer[Masthead]):
    """What an internet newspaper shows of itself (신문법 §21)."""

    class Meta:
        model = Masthead
        exclude = ["id"]


class NamedOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class BylineOut(NamedOut):
    role = serializers.CharField()
    title = serializers.CharField()


class CountsOut(serializers.Serializer[Any]):
    comments = serializers.IntegerField()
    saves = serializers.IntegerField()
    votes = serializers.IntegerField(
        allow_null=True, help_text="Of its poll; null while the poll's results are not shown."
    )
    views = serializers.IntegerField()


class CardOut(EditorialTextMixin, serializers.Serializer[ArticleCard]):
    """A card: what lists show of an article. Takes rows of `Article.objects.live().as_cards()`."""

    slug = serializers.CharField()
    url = serializers.URLField()
    section = NamedOut()
    headline = serializers.CharField()
    summary = serializers.ListField(child=serializers.CharField(), min_length=3, max_length=3)
    lead_photo = PhotoOut(allow_null=True)
    authors = BylineOut(many=True)
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    counts = CountsOut()

    text_fields = CARD_TEXT_FIELDS

    def to_representation(self, article: ArticleCard) -> dict[str, Any]:
        return represent_card(article)


class HighlightsOut(serializers.Serializer[Any]):
    """Safe HTML: escaped text with the words asked for in `<mark>`, and no other element."""

    headline = serializers.CharField()
    snippet = serializers.CharField()


class ListedOut(SparseFieldsSerializer, CardOut):
    """A card in a list that takes `fields`."""

    def to_representation(self, article: ArticleCard) -> dict[str, Any]:
        return represent_card(article, fields=self.card_fields)

    @cached_property
    def card_fields(self) -> list[str]:
        requested = self.requested_fields() or CARD_FIELDS
        return [name for name in CARD_FIELDS if name in requested]


class HitOut(ListedOut):
    """A card, and what a search found on it. Takes rows of `Search.hits` with their `highlights`."""

    highlights = HighlightsOut(required=False)

    def to_representation(self, article: Any) -> dict[str, Any]:
        card, requested = super().to_representation(article), self.requested_fields()
        if requested is None or "highlights" in requested:
            card["highlights"] = article.highlights
        return card


class ArticleQuery(QuerySerializer):
    section = CanonicalSlugField(max_length=60, required=False, help_text="Address of a section.")
    tag = CanonicalSlugField(max_length=60, required=False, help_text="Address of a tag.")
    author = CanonicalSlugField(max_length=60, required=False, help_text="Address of an author.")
    published_after = UTCDateTimeField(required=False, help_text="From this moment on.")
    published_before = UTCDateTimeField(required=False, help_text="Before this moment.")
    fields = FieldNamesField(HitOut)  # type: ignore[assignment]
    q = serializers.CharField(
        max_length=MAX_QUERY_CHARS,
        required=False,
        help_text=(
            'Search: all words, in any order; `"…"` finds a phrase, `-word` leaves out. Best and newest '
            "first; each card with `highlights`."
        ),
    )

    def validate_q(self, q: str) -> ParsedQuery:
        """Parse the query; an invalid one is refused like any other invalid value."""
        try:
            return parse_query(q)
        except InvalidSearchQuery as error:
            raise serializers.ValidationError(str(error)) from None


class ContactOut(serializers.Serializer[Any]):
    email = serializers.EmailField(allow_blank=True)


class CorrectionOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    note = serializers.CharField()
    at = serializers.DateTimeField()


class SourceOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.CharField()
    credit = serializers.CharField()


class AIDisclosureOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    note = serializers.CharField()


class SeoOut(serializers.Serializer[Any]):
    """What the head of a page says, for any front end."""

    canonical = serializers.URLField()
    title = serializers.CharField()
    description = serializers.CharField()
    robots = serializers.CharField()
    open_graph = serializers.DictField(
        child=serializers.CharField(), help_text="Open Graph by property, `og:title` and so on."
    )
    json_ld = serializers.DictField(help_text="schema.org NewsArticle.")


class PageOut(CardOut):
    """The whole article page. Takes a row of `Article.objects.live().as_pages()`, and the related
    cards in the context."""

    tags = NamedOut(many=True)
    body_html = serializers.CharField()
    social_photo = PhotoOut(
        allow_null=True, help_text="Photo of share cards; null where it is the lead photo."
    )
    contact = ContactOut()
    edition = serializers.IntegerField()
    corrections = CorrectionOut(many=True)
    source = SourceOut(allow_null=True)  # type: ignore[assignment]  # a field named like an option
    ai_disclosure = AIDisclosureOut(allow_null=True)
    poll = PollOut(allow_null=True)
    related = CardOut(many=True)
    comments_open = serializers.BooleanField()
    seo = SeoOut()

    text_fields = EDITORIAL_FIELDS

    def to_representation(self, article: Any) -> dict[str, Any]:
        return represent_page(article, related=self.context["related"])


class AppearanceOut(serializers.Serializer[Appearance]):
    """A line of the public change history."""

    number = serializers.IntegerField(source="edition.number")
    published_at = serializers.DateTimeField()
    correction = serializers.SerializerMethodField()

    @extend_schema_field(CorrectionOut(allow_null=True))
    def get_correction(self, appearance: Appearance) -> Any:
        edition = appearance.edition
        if not edition.correction_kind:
            return None
        note = {"kind": edition.correction_kind, "note": edition.correction_note}
        return CorrectionOut(note | {"at": appearance.published_at}).data
