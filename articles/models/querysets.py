"""Everything of an article readers get, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Expression, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models.site import Author, Masthead, Section, Tag
from newsroom.db.database_clock import CurrentTime
from newsroom.db.json_rows import JSONArraySubquery
from newsroom.db.row_loading import FastModelIterable
from newsroom.text.normalization import canonical_slug
from polls.models import Side, Vote

if TYPE_CHECKING:
    from articles.models import Article  # only the name of what the queryset holds

LISTED_NEWEST_FIRST = ("-shelf_at", "-shelf_number")
# What cards show by more than a column.
EXPENSIVE_CARD_FIELDS = frozenset({"section", "lead_photo", "authors", "counts"})
# The columns that a card shows, and of what is joined to it; and those that a page shows besides.
CARD_COLUMNS = {
    "": ("slug", "first_published_at", "published_at", "live", "section", "lead_photo", "poll"),
    "live": ("article", "headline", "deck", "summary", "lead_photo_text"),
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
        *("ai_kind", "ai_note"),
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
    """The names of these columns as `only()` takes them; of all tables, or of some."""
    return [
        f"{table}__{name}" if table else name
        for table, names in by_table.items()
        for name in names
        if table in (of or by_table)
    ]


class ArticleQuerySet(QuerySet["Article"]):
    def live(self) -> Self:
        """Articles readers can open now. Everything a reader gets starts here.

        The pointer says so; the terms are asked once more, so that neither a plan that went wrong nor
        a clock that stands shows a story before its embargo ends or after it comes down.
        """
        now = CurrentTime()
        free = Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)
        lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(free, lasts, live__isnull=False)

    def expired(self, now: datetime) -> Self:
        """Articles that are shown and whose time is over."""
        return self.filter(live__isnull=False, expires_at__lte=now).order_by("expires_at", "pk")

    def at(self, *slugs: str) -> Self:
        """Those at these addresses, however their Hangul is composed; none for what is no address."""
        fit = {canonical_slug(slug) for slug in slugs if "\x00" not in slug}
        return self.filter(slug__in=fit)

    def newest_first(self) -> Self:
        return self.order_by(*self.newest_ordering())

    def newest_ordering(self) -> tuple[str, str]:
        """What to order it by for the newest to come first."""
        is_on_shelf = "shelf_at" in self.query.annotations
        return LISTED_NEWEST_FIRST if is_on_shelf else ("-first_published_at", "-pk")

    # The three below look up a number first, so that the rest is read off one index in its order,
    # however many stories there are.

    def in_section(self, slug: str) -> Self:
        return self.filter(section=id_of_slug(Section, slug))

    def tagged(self, slug: str) -> Self:
        return self.filter(taggings__tag=id_of_slug(Tag, slug)).listed_through("taggings")

    def by_author(self, slug: str) -> Self:
        return self.filter(bylines__author=id_of_slug(Author, slug)).listed_through("bylines")

    def listed_through(self, rows: str) -> Self:
        """Each with the place it has among these rows beside it, which is what to order it by."""
        return self.annotate(
            shelf_at=F(f"{rows}__first_published_at"), shelf_number=F(f"{rows}__article")
        )

    def published_from(self, moment: Any) -> Self:
        return self.filter(first_published_at__gte=moment)

    def published_until(self, moment: Any) -> Self:
        return self.filter(first_published_at__lt=moment)

    def as_cards(self) -> Self:
        """Each with what a card shows: section, words, photo, authors, counts. One query."""
        return self.as_sparse_cards(EXPENSIVE_CARD_FIELDS)

    def as_sparse_cards(self, parts: Collection[str]) -> Self:
        """Each with the words of a card, and of what costs the database more these `parts`."""
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
        """Each with who signed it, as rows in their order."""
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
        """Each with its tags, as rows in their order."""
        taggings: Any = self.model._meta.get_field("taggings").related_model
        rows = taggings.objects.filter(article=OuterRef("pk")).order_by("position")
        return self.annotate(tag_rows=JSONArraySubquery(rows, slug="tag__slug", name="tag__name"))

    def as_feed_entries(self, *, full: bool) -> Self:
        """Each with what an entry of a feed shows, with its whole text or without. One query."""
        parts = ("section", "lead_photo", "authors")
        shown = {table: CARD_COLUMNS[table] for table in ("", "live", "section", "lead_photo")}
        names = [
            *column_names(shown),
            *column_names(FEED_COLUMNS),
            *(["live__body_html"] if full else []),
        ]
        return self.as_sparse_cards(parts).with_tags().only(*names)

    def with_vote_count(self) -> Self:
        """Each with the votes in its poll."""
        votes = Vote.objects.filter(poll=OuterRef("poll"))
        return self.annotate(vote_count=count_votes(votes, by="poll"))

    def as_pages(self) -> Self:
        """Each with all that its page shows but the related cards. One query."""
        picks: Any = self.model._meta.get_field("picks").related_model
        picked = picks.objects.filter(article=OuterRef("pk")).order_by().values("article")
        paper = Masthead.objects.filter(pk=1)
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
                pick_count=Coalesce(Subquery(picked.annotate(n=Count("pk")).values("n")), Value(0)),
                tip_address=Subquery(paper.values("tip_address")),
                paper=Subquery(paper.values("name")),
                rights=Subquery(paper.values("copyright")),
            )
        )

    def recommended(self) -> Self:
        """Those that we may show to readers who did not ask for them: none on legal hold."""
        return self.filter(held_at__isnull=True)

    def related_to(self, article: Article | Expression) -> Self:
        """The live articles that stand beside this one: those that editors picked, in their order (their
        `pick` is a number), then those near it, the nearest first."""
        picks: Any = self.model._meta.get_field("picks").related_model
        near: Any = self.model._meta.get_field("neighbours").related_model
        picked, found = picks.objects.filter(article=article), near.objects.filter(article=article)
        # By number, so that the database looks up a few rows and joins no list to another.
        numbers = picked.order_by().values("related").union(found.values("related"), all=True)
        return (
            self.live()
            .recommended()
            .filter(pk__in=numbers)
            .annotate(
                pick=Subquery(picked.filter(related=OuterRef("pk")).values("position")),
                score=Subquery(found.filter(related=OuterRef("pk")).values("score")),
            )
            .order_by(F("pick").asc(nulls_last=True), F("score").desc(nulls_last=True), "-pk")
        )
