"""QuerySet of articles: visibility, list filters, and what cards, pages and feeds read in one query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Expression, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, JSONObject

from articles.models.read_models import (
    ArticleCard,
    ArticlePage,
    FeedEntry,
    FrontCard,
    FullFeedEntry,
    LaidOutPage,
)
from articles.models.site import Author, Masthead, Section, Tag
from newsroom.db.expressions import CurrentTime, JSONArraySubquery, JSONTextArraySubquery
from newsroom.db.read_models import read_as
from newsroom.text.normalization import canonical_slug
from polls.models import Side, votes_of_poll, votes_of_side

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from articles.models import Article  # for annotations only: the models import this module

    Row = TypeVar("Row", default="Article")  # what its rows are: articles or a read model

NEWEST_FIRST = ("-first_published_at", "-pk")
LISTED_NEWEST_FIRST = ("-listed_at", "-listed_id")
# Fields of the API's card that cost a join or a subquery, and what they are made of in an ArticleCard.
FIELDS_OF_PART = {
    "section": ("section",),
    "lead_photo": ("lead_photo",),
    "authors": ("author_rows",),
    "counts": ("counts", "poll", "vote_count"),
}
EXPENSIVE_CARD_FIELDS = frozenset(FIELDS_OF_PART)


MASTHEAD_COLUMNS = tuple(f.name for f in Masthead._meta.concrete_fields if not f.primary_key)


def masthead_json() -> Subquery:
    """The masthead as the text of a JSON object; null where there is none."""
    columns = {name: F(name) for name in MASTHEAD_COLUMNS}
    rows = Masthead.objects.filter(pk=1).annotate(item=JSONObject(**columns))
    return Subquery(rows.values("item"), output_field=TextField())


def id_of_slug(things: type[Section | Tag | Author], slug: str | Expression) -> Subquery:
    return Subquery(things.objects.filter(slug=slug).values("pk"))


class ArticleQuerySet(QuerySet["Article", "Row"]):
    """Articles, filtered and annotated for readers."""

    def live(self) -> Self:
        """Articles that readers can open now. Every public read starts here.

        The `live` pointer decides; embargo and expiry are checked again by the clock of the database, so
        that no article shows too early or too long when the scheduler has failed or stopped.
        """
        now = CurrentTime()
        not_embargoed = Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)
        not_expired = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(not_embargoed, not_expired, live__isnull=False)

    def expired(self, now: datetime) -> Self:
        """Articles with a live edition whose expiry has passed, which are to be taken down."""
        return self.filter(live__isnull=False, expires_at__lte=now).order_by("expires_at", "pk")

    def at(self, *slugs: str) -> Self:
        """Articles with these slugs, in any Unicode form; strings that can be no slug match none."""
        canonical = {canonical_slug(slug) for slug in slugs if "\x00" not in slug}
        return self.filter(slug__in=canonical)

    def newest_first(self) -> Self:
        return self.order_by(*self.newest_ordering())

    def newest_ordering(self) -> tuple[str, str]:
        """The `order_by` of newest first, from the index of the list the queryset is filtered by."""
        is_listed = "listed_at" in self.query.annotations
        return LISTED_NEWEST_FIRST if is_listed else NEWEST_FIRST

    # The three filters below look up an id by subquery, so that the rest is read from one index in its
    # order, however many articles there are.

    def in_section(self, slug: str | Expression) -> Self:
        return self.filter(section=id_of_slug(Section, slug))

    def tagged(self, slug: str | Expression) -> Self:
        return self.filter(taggings__tag=id_of_slug(Tag, slug)).listed_through("taggings")

    def by_author(self, slug: str | Expression) -> Self:
        return self.filter(bylines__author=id_of_slug(Author, slug)).listed_through("bylines")

    def listed_through(self, rows: str) -> Self:
        """Annotated with publication time and id from these `ListedByDate` rows, for `newest_ordering`."""
        return self.annotate(
            listed_at=F(f"{rows}__first_published_at"), listed_id=F(f"{rows}__article")
        )

    def published_from(self, moment: Any) -> Self:
        return self.filter(first_published_at__gte=moment)

    def published_until(self, moment: Any) -> Self:
        return self.filter(first_published_at__lt=moment)

    def as_cards(self) -> ArticleQuerySet[ArticleCard]:
        """Everything a card shows: section, texts, photo, authors, counts. One query."""
        return self.as_sparse_cards(EXPENSIVE_CARD_FIELDS)

    def as_sparse_cards(self, parts: Collection[str]) -> ArticleQuerySet[ArticleCard]:
        """The texts of a card, and of EXPENSIVE_CARD_FIELDS these `parts`."""
        left_out = [
            name for part, names in FIELDS_OF_PART.items() if part not in parts for name in names
        ]
        cards = self.with_authors() if "authors" in parts else self
        cards = cards.with_vote_count() if "counts" in parts else cards
        rows: ArticleQuerySet[ArticleCard] = read_as(cards, ArticleCard, without=left_out)
        return rows

    def with_authors(self) -> Self:
        """Annotated with the authors as `author_rows`, in the order of the byline."""
        bylines: Any = self.model._meta.get_field("bylines").related_model
        authors = bylines.objects.filter(article=OuterRef("pk")).order_by("position")
        return self.annotate(
            author_rows=JSONArraySubquery(
                authors,
                slug="author__slug",
                name="author__name",
                role="author__role",
                title="author__title",
            )
        )

    def with_tags(self) -> Self:
        """Annotated with the tags as `tag_rows`, in their order."""
        taggings: Any = self.model._meta.get_field("taggings").related_model
        rows = taggings.objects.filter(article=OuterRef("pk")).order_by("position")
        return self.annotate(tag_rows=JSONArraySubquery(rows, slug="tag__slug", name="tag__name"))

    def as_feed_entries(self, *, full: bool) -> ArticleQuerySet[FeedEntry]:
        """Everything a feed entry shows, with the full text or without. One query."""
        entries = self.with_authors().with_tags()
        rows: ArticleQuerySet[FeedEntry] = read_as(entries, FullFeedEntry if full else FeedEntry)
        return rows

    def with_vote_count(self) -> Self:
        """Annotated with the number of votes in the poll as `vote_count`."""
        return self.annotate(vote_count=votes_of_poll("poll"))

    def as_pages(self) -> ArticleQuerySet[ArticlePage]:
        """Everything an article page shows but the related cards. One query."""
        rows: ArticleQuerySet[ArticlePage] = read_as(self.with_page_columns(), ArticlePage)
        return rows

    def with_page_columns(self) -> Self:
        """Annotated with what `as_pages()` computes of each row."""
        picks: Any = self.model._meta.get_field("picks").related_model
        own_picks = picks.objects.filter(article=OuterRef("pk")).order_by().values("article")
        pick_count = Subquery(own_picks.annotate(n=Count("pk")).values("n"))
        masthead = Masthead.objects.filter(pk=1)
        sides = Side.objects.filter(poll=OuterRef("poll")).order_by("-key")
        pages = self.with_authors().with_vote_count().with_tags()
        return pages.annotate(
            side_rows=JSONArraySubquery(
                sides,
                key="key",
                label="label",
                persona="persona",
                avatar="avatar",
                argument="argument",
                votes=votes_of_side(),
            ),
            pick_count=Coalesce(pick_count, Value(0)),
            tip_address=Subquery(masthead.values("tip_address")),
            paper=Subquery(masthead.values("name")),
            rights=Subquery(masthead.values("copyright")),
        )

    def with_layout(self) -> Self:
        """Annotated with what every page of the site shows, the same in each row."""
        sections = Section.objects.order_by("position", "pk")
        return self.annotate(
            masthead_row=masthead_json(),
            section_rows=JSONTextArraySubquery(sections, slug="slug", name="name"),
        )

    def as_front_cards(self) -> ArticleQuerySet[FrontCard]:
        """Cards with the layout. One query."""
        cards = self.with_authors().with_vote_count().with_layout()
        rows: ArticleQuerySet[FrontCard] = read_as(cards, FrontCard)
        return rows

    def as_laid_out_pages(self) -> ArticleQuerySet[LaidOutPage]:
        """Article pages with the layout. One query."""
        pages = self.with_page_columns().with_layout()
        rows: ArticleQuerySet[LaidOutPage] = read_as(pages, LaidOutPage)
        return rows

    def recommended(self) -> Self:
        """Articles that may be recommended: those that are not on legal hold."""
        return self.filter(held_at__isnull=True)

    def related_to(self, article: Article | Expression) -> Self:
        """Live related articles: the editors' picks in their order, then similar ones, most similar first.

        Annotated with `pick`, the position of a pick, and `score`; null for the others.
        """
        pick_model: Any = self.model._meta.get_field("picks").related_model
        related_model: Any = self.model._meta.get_field("related_articles").related_model
        picks = pick_model.objects.filter(article=article)
        similar = related_model.objects.filter(article=article)
        # By id, so that the database looks up a few rows and joins no list to another.
        ids = picks.order_by().values("related").union(similar.values("related"), all=True)
        return (
            self.live()
            .recommended()
            .filter(pk__in=ids)
            .annotate(
                pick=Subquery(picks.filter(related=OuterRef("pk")).values("position")),
                score=Subquery(similar.filter(related=OuterRef("pk")).values("score")),
            )
            .order_by(F("pick").asc(nulls_last=True), F("score").desc(nulls_last=True), "-pk")
        )
