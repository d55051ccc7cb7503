"""Articles and the furniture of the site in the API."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.errors import Unsearchable
from articles.linked_data import seo_of
from articles.models import Appearance, Article, Author, Masthead, Section, Tag
from articles.questions import LONGEST, Question, asked
from media.serializers import PhotoOut
from newsroom.addresses import absolute
from newsroom.api import Moment, Query
from polls.serializers import PollOut
from polls.showing import as_read as poll_as_read
from polls.showing import results_are_shown


class ArticleQuery(Query):
    section = serializers.CharField(
        max_length=60, required=False, help_text="Address of a section."
    )
    tag = serializers.CharField(max_length=60, required=False, help_text="Address of a tag.")
    author = serializers.CharField(max_length=60, required=False, help_text="Address of an author.")
    published_after = Moment(required=False, help_text="From this moment on.")
    published_before = Moment(required=False, help_text="Before this moment.")
    q = serializers.CharField(
        max_length=LONGEST,
        required=False,
        help_text=(
            'Search: all words, in any order; `"…"` finds a phrase, `-word` leaves out. Best and newest '
            "first; each card with `highlights`."
        ),
    )

    def validate_q(self, q: str) -> Question:
        """A search that cannot be asked is refused like any other bad value, in words."""
        try:
            return asked(q)
        except Unsearchable as refusal:
            raise serializers.ValidationError(str(refusal)) from None


class Addressed(serializers.ModelSerializer[Any]):
    """Something with a page of its own."""

    slug = serializers.CharField()  # letters of any script, which no pattern of JSON Schema can say
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, thing: Any) -> str:
        return absolute(thing.get_absolute_url())


class SectionOut(Addressed):
    class Meta:
        model = Section
        fields = ["slug", "name", "url"]


class TagOut(Addressed):
    class Meta:
        model = Tag
        fields = ["slug", "name", "url"]


class AuthorOut(Addressed):
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


class CountsOut(serializers.Serializer[Article]):
    comments = serializers.IntegerField(source="counts.comments")
    saves = serializers.IntegerField(source="counts.saves")
    votes = serializers.SerializerMethodField()
    views = serializers.IntegerField(source="counts.views")

    def get_votes(self, article: Article) -> int | None:
        """The votes of its poll; null while the poll's results are not shown."""
        if article.poll and not results_are_shown(article.poll, timezone.now()):
            return None
        return int(article.vote_count)


class CardOut(serializers.Serializer[Article]):
    """A card: what lists show of an article. Takes rows of `Article.objects.live().as_cards()`."""

    slug = serializers.CharField()
    url = serializers.SerializerMethodField()
    section = NamedOut()
    headline = serializers.CharField(source="live.headline")
    deck = serializers.CharField(source="live.deck")
    summary = serializers.ListField(
        source="live.summary", child=serializers.CharField(), min_length=3, max_length=3
    )
    lead_photo = PhotoOut(allow_null=True)
    authors = BylineOut(many=True, source="author_rows")
    published_at = serializers.DateTimeField(source="first_published_at")
    updated_at = serializers.DateTimeField(source="published_at")
    counts = CountsOut(source="*")

    @extend_schema_field(serializers.URLField())
    def get_url(self, article: Article) -> str:
        return absolute(article.get_absolute_url())


class HighlightsOut(serializers.Serializer[Any]):
    """Safe HTML: escaped text with the words asked for in `<mark>`, and no other element."""

    headline = serializers.CharField()
    snippet = serializers.CharField()


class HitOut(CardOut):
    """A card, and what a search found on it. Takes rows of `Search.hits` with their `highlights`."""

    highlights = HighlightsOut(required=False)


class ContactOut(serializers.Serializer[Any]):
    email = serializers.EmailField()


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

    tags = NamedOut(many=True, source="tag_rows")
    body_html = serializers.CharField(source="live.body_html")
    contact = serializers.SerializerMethodField()
    edition = serializers.IntegerField(source="live.number")
    corrections = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # like an option
    ai_disclosure = serializers.SerializerMethodField()
    poll = serializers.SerializerMethodField()
    related = serializers.SerializerMethodField()
    comments_open = serializers.SerializerMethodField()
    seo = serializers.SerializerMethodField()

    def to_representation(self, article: Article) -> dict[str, Any]:
        page = super().to_representation(article)
        paper = article.paper or Masthead().name
        page["seo"] = seo_of(page, paper=paper, notice=article.rights or "")
        return page

    @extend_schema_field(SeoOut)
    def get_seo(self, article: Article) -> None:
        """Made of the page's own words, when they are there."""

    @extend_schema_field(ContactOut)
    def get_contact(self, article: Article) -> dict[str, str]:
        return {"email": article.tip_address or ""}

    @extend_schema_field(CorrectionOut(many=True))
    def get_corrections(self, article: Article) -> Any:
        return CorrectionOut(
            [note | {"at": datetime.fromisoformat(note["at"])} for note in article.corrections],
            many=True,
        ).data

    @extend_schema_field(SourceOut(allow_null=True))
    def get_source(self, article: Article) -> dict[str, str] | None:
        words = article.live
        if words is None or not words.source_name:
            return None
        return {"name": words.source_name, "url": words.source_url, "credit": words.source_credit}

    @extend_schema_field(AIDisclosureOut(allow_null=True))
    def get_ai_disclosure(self, article: Article) -> dict[str, str] | None:
        words = article.live
        if words is None or not words.ai_kind:
            return None
        return {"kind": words.ai_kind, "note": words.ai_note}

    @extend_schema_field(PollOut(allow_null=True))
    def get_poll(self, article: Article) -> Any:
        if article.poll is None or not article.poll.public:
            return None
        poll = poll_as_read(article.poll, article.side_rows, now=timezone.now())
        return PollOut(poll).data

    @extend_schema_field(CardOut(many=True))
    def get_related(self, article: Article) -> Any:
        return CardOut(self.context["related"], many=True).data

    def get_comments_open(self, article: Article) -> bool:
        return article.comments_mode != "closed"


class AppearanceOut(serializers.Serializer[Appearance]):
    """A line of the public change history."""

    number = serializers.IntegerField(source="edition.number")
    published_at = serializers.DateTimeField()
    correction = serializers.SerializerMethodField()

    @extend_schema_field(CorrectionOut(allow_null=True))
    def get_correction(self, seen: Appearance) -> Any:
        words = seen.edition
        if not words.correction_kind:
            return None
        note = {"kind": words.correction_kind, "note": words.correction_note}
        return CorrectionOut(note | {"at": seen.published_at}).data
