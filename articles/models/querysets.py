"""QuerySet of articles: visibility, list filters, and what cards, pages and feeds read in one query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Expression, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models.editorial import CARD_TEXT_NAMES, PAGE_TEXT_NAMES
from articles.models.site import Author, Masthead, Section, Tag
from newsroom.db.expressions import CurrentTime, JSONArraySubquery
from newsroom.db.row_loading import FastModelIterable
from newsroom.text.normalization import canonical_slug
from polls.models import Side, Vote

if TYPE_CHECKING:
    from articles.models import Article  # for annotations only: the models import this module

LISTED_NEWEST_FIRST = ("-listed_at", "-listed_id")
# Fields of a card that cost a join or a subquery.
EXPENSIVE_CARD_FIELDS = frozenset({"section", "lead_photo", "authors", "counts"})
# Columns that a card reads, by joined table ("" is the article), and those that a page reads besides.
CARD_COLUMNS = {
    "": ("slug", "first_published_at", "published_at", "live", "section", "lead_photo", "poll"),
    "live": ("article", "headline", *CARD_TEXT_NAMES, "summary", "lead_photo_text"),
    "section": ("slug", "name"),
    "lead_photo": (
        *("key", "width", "height", "placeholder"),
        *("sources", "public"),
    ),
    "counts": ("comments", "saves", "views"),
    "poll": ("opens_at", "closes_at", "results", "public"),
}
PAGE_COLUMNS = {
    "": ("uid", "comments_mode", "corrections"),
    "live": (
        *("number", "body_html", "source_name", "source_url", "source_credit"),
        *("ai_kind", "ai_note", *PAGE_TEXT_NAMES),
    ),
    "poll": ("title", "question"),
}
FEED_COLUMNS = {"": ("uid",), "live": ("source_name", "source_url", "source_credit")}
JOINS_OF_FIELD = {
    "section": ("section",),
    "lead_photo": ("lead_photo",),
    "counts": ("counts", "poll"),
}


def id_of_slug(things: type[Section | Tag | Author], slug: str) -> Subquery:
    return Subquery(things.objects.filter(slug=slug).values("pk"))


def count_votes(votes: QuerySet[Vote], *, by: str) -> Any:
    counted = votes.filter(void=False).order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


def column_names(by_table: dict[str, tuple[str, ...]], *, of: Collection[str] = ()) -> list[str]:
    """The names of these columns as `only()` takes them, of all tables or of those in `of`."""
    return [
        f"{table}__{name}" if table else name
        for table, names in by_table.items()
        for name in names
        if table in (of or by_table)
    ]


class ArticleQuerySet(QuerySet["Article"]):
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
        return LISTED_NEWEST_FIRST if is_listed else ("-first_published_at", "-pk")

    # The three filters below look up an id by subquery, so that the rest is read from one index in its
    # order, however many articles there are.

    def in_section(self, slug: str) -> Self:
        return self.filter(section=id_of_slug(Section, slug))

    def tagged(self, slug: str) -> Self:
        return self.filter(taggings__tag=id_of_slug(Tag, slug)).listed_through("taggings")

    def by_author(self, slug: str) -> Self:
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

    def as_cards(self) -> Self:
        """Everything a card shows: section, texts, photo, authors, counts. One query."""
        return self.as_sparse_cards(EXPENSIVE_CARD_FIELDS)

    def as_sparse_cards(self, parts: Collection[str]) -> Self:
        """The texts of a card, and of EXPENSIVE_CARD_FIELDS these `parts`."""
        joined = [
            "live",
            *(name for part in sorted(parts) for name in JOINS_OF_FIELD.get(part, ())),
        ]
        cards = self.select_related(*joined).only(*column_names(CARD_COLUMNS, of=["", *joined]))
        cards._iterable_class = FastModelIterable
        if "authors" in parts:
            cards = cards.with_authors()
        return cards.with_vote_count() if "counts" in parts else cards

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

    def as_feed_entries(self, *, full: bool) -> Self:
        """Everything a feed entry shows, with the full text or without. One query."""
        parts = ("section", "lead_photo", "authors")
        shown = {table: CARD_COLUMNS[table] for table in ("", "live", "section", "lead_photo")}
        names = [
            *column_names(shown),
            *column_names(FEED_COLUMNS),
            *(["live__body_html"] if full else []),
        ]
        return self.as_sparse_cards(parts).with_tags().only(*names)

    def with_vote_count(self) -> Self:
        """Annotated with the number of votes in the poll as `vote_count`."""
        votes = Vote.objects.filter(poll=OuterRef("poll"))
        return self.annotate(vote_count=count_votes(votes, by="poll"))

    def as_pages(self) -> Self:
        """Everything an article page shows but the related cards. One query."""
        picks: Any = self.model._meta.get_field("picks").related_model
        own_picks = picks.objects.filter(article=OuterRef("pk")).order_by().values("article")
        pick_count = Subquery(own_picks.annotate(n=Count("pk")).values("n"))
        masthead = Masthead.objects.filter(pk=1)
        sides = Side.objects.filter(poll=OuterRef("poll")).order_by("-key")
        votes = Vote.objects.filter(poll=OuterRef("poll"), side=OuterRef("key"))
        return (
            self.as_cards()
            .only(*column_names(CARD_COLUMNS), *column_names(PAGE_COLUMNS))
            .with_tags()
            .annotate(
                side_rows=JSONArraySubquery(
                    sides,
                    key="key",
                    label="label",
                    persona="persona",
                    avatar="avatar",
                    argument="argument",
                    votes=count_votes(votes, by="poll"),
                ),
                pick_count=Coalesce(pick_count, Value(0)),
                tip_address=Subquery(masthead.values("tip_address")),
                paper=Subquery(masthead.values("name")),
                rights=Subquery(masthead.values("copyright")),
            )
        )

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
