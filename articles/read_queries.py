"""Read queries of public articles, built or compiled once per process and reused.

Building these querysets costs more than running them (docs/performance.md). A queryset is immutable, so
that all callers can share it.
"""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import orjson
from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery

from articles.body_blocks import BoxedLink, boxed_ids, fill_related_boxes
from articles.models import Article, Masthead, Section, Tag
from articles.models.identifiers import section_path
from articles.models.querysets import (
    LISTED_NEWEST_FIRST,
    MASTHEAD_COLUMNS,
    NEWEST_FIRST,
    ArticleQuerySet,
    masthead_json,
)
from articles.models.read_models import (
    ArticleCard,
    ArticlePage,
    FeedEntry,
    FrontCard,
    LaidOutPage,
    LayoutRow,
)
from newsroom.db.compiled_queries import CompiledQuery, DateTimeParam, Param
from newsroom.db.keyset import reversed_order, rows_after
from newsroom.db.read_models import ReadModel, read_as
from newsroom.text.normalization import canonical_slug

DEFAULT_RELATED_CARDS, MAX_PICKED_CARDS = 5, 10
# Queries are compiled for lists with one of these filters or none, and for pages of this size.
LIST_PAGE_SIZE = 20
LIST_FILTERS = {
    "section": ArticleQuerySet.in_section,
    "tag": ArticleQuerySet.tagged,
    "author": ArticleQuerySet.by_author,
}
MASTHEAD_DAYS = ("registered_on", "founded_on")
FIRST, AFTER, BEFORE = "first", "after", "before"

Page = TypeVar("Page", bound=ArticlePage)


@cache
def live_cards() -> ArticleQuerySet[ArticleCard]:
    """Live articles with everything a card shows."""
    return Article.objects.live().as_cards()


@cache
def live_sparse_cards(parts: frozenset[str]) -> ArticleQuerySet[ArticleCard]:
    """Live articles with the texts of a card, and of EXPENSIVE_CARD_FIELDS these `parts`."""
    return Article.objects.live().as_sparse_cards(parts)


class NewestCards(NamedTuple):
    """The cards of live articles, or of those of a section, tag or author, newest first.

    In the place of a queryset where pages of LIST_PAGE_SIZE are read, whose queries are compiled once.
    """

    kind: str = ""
    slug: str = ""

    def newest_ordering(self) -> tuple[str, str]:
        return LISTED_NEWEST_FIRST if self.kind in {"tag", "author"} else NEWEST_FIRST

    def fetch(
        self, *, values: tuple[datetime, int] | None, is_back: bool, limit: int
    ) -> list[ArticleCard]:
        """The first cards, or those after (before, backwards) this time and id. One query."""
        seek = FIRST if values is None else BEFORE if is_back else AFTER
        at, pk = values or (None, None)
        return newest_cards_query(self.kind, seek, limit).fetch(slug=self.slug, at=at, pk=pk)


@cache
def newest_cards_query(kind: str, seek: str, limit: int) -> CompiledQuery[ArticleCard]:
    cards: ArticleQuerySet[ArticleCard] = live_cards().all()
    if kind:
        cards = LIST_FILTERS[kind](cards, Param("slug", CharField()))
    order: Collection[str] = cards.newest_ordering()
    if seek != FIRST:
        cursor = (DateTimeParam("at"), Param("pk", BigIntegerField()))
        cards = cards.filter(rows_after(tuple(order), cursor, is_back=seek == BEFORE))
    order = reversed_order(tuple(order)) if seek == BEFORE else order
    return CompiledQuery(cards.order_by(*order)[:limit])


@cache
def live_feed_entries(full: bool) -> ArticleQuerySet[FeedEntry]:
    """Live articles with everything a feed entry shows, with the full text or without."""
    return Article.objects.live().as_feed_entries(full=full)


@cache
def front_cards_query(limit: int) -> CompiledQuery[FrontCard]:
    """The newest cards, each with the layout of the site."""
    return CompiledQuery(Article.objects.live().as_front_cards().newest_first()[:limit])


@cache
def page_by_slug_query() -> CompiledQuery[ArticlePage]:
    pages = Article.objects.live().as_pages()
    return CompiledQuery(pages.filter(slug=Param("slug", CharField())))


@cache
def laid_out_page_query() -> CompiledQuery[LaidOutPage]:
    pages = Article.objects.live().as_laid_out_pages()
    return CompiledQuery(pages.filter(slug=Param("slug", CharField())))


def live_page(slug: str) -> ArticlePage | None:
    """The live article with this slug, with all of its page but the related cards. One query, and one more
    for the related boxes of its body."""
    return fill_boxes(next(iter(page_by_slug_query().fetch(slug=slug)), None))


def laid_out_page(slug: str) -> LaidOutPage | None:
    """The same with the layout of the site."""
    return fill_boxes(next(iter(laid_out_page_query().fetch(slug=slug)), None))


def fill_boxes(page: Page | None) -> Page | None:
    """The page with the related boxes of its body filled. One query where it has any."""
    if page is not None and (uids := boxed_ids(page.live.body_html)):
        links = live_boxed_links(uids, of=page.pk)
        page.live.body_html = fill_related_boxes(page.live.body_html, links)
        page.boxed_slugs = tuple(link.slug for link in links.values())
    return page


def live_boxed_links(uids: Collection[UUID], *, of: int | None) -> dict[UUID, BoxedLink]:
    """The articles with these identifiers that a related box of another (`of`, its id) may show now."""
    articles = Article.objects.live().recommended().filter(uid__in=uids).exclude(pk=of or 0)
    rows = articles.values_list("uid", "slug", "live__headline")
    return {uid: BoxedLink(slug, headline) for uid, slug, headline in rows}


@cache
def page_by_poll_query() -> CompiledQuery[ArticlePage]:
    pages = Article.objects.live().as_pages()
    return CompiledQuery(pages.filter(poll=Param("poll", BigIntegerField())).order_by("pk"))


def live_page_with_poll(poll_id: int) -> ArticlePage | None:
    """The live article with this poll (the first, of several), as `live_page`. One query."""
    if poll_id > BigIntegerField.MAX_BIGINT:  # which SQLite would refuse
        return None
    return next(iter(page_by_poll_query().fetch(poll=poll_id)), None)


@cache
def article_by_slug_query() -> CompiledQuery[Article]:
    return CompiledQuery(Article.objects.live().filter(slug=Param("slug", CharField())))


def live_article_at(slug: str) -> Article | None:
    """The live article with this slug, in any Unicode form: of the writes of readers. One query."""
    if "\x00" in slug:
        return None
    return next(iter(article_by_slug_query().fetch(slug=canonical_slug(slug))), None)


@cache
def related_cards_query(limit: int) -> CompiledQuery[ArticleCard]:
    return CompiledQuery(
        Article.objects.as_cards().related_to(Param("article", BigIntegerField()))[:limit]
    )


def related_cards(article: ArticlePage, *, max_picked: int = MAX_PICKED_CARDS) -> list[ArticleCard]:
    """Related cards of a `live_page()`: the editors' picks, filled up to five with similar ones."""
    limit = max(DEFAULT_RELATED_CARDS, min(article.pick_count, max_picked))
    cards = related_cards_query(limit).fetch(article=article.pk)
    picked_count = sum(card.pick is not None for card in cards)
    return cards[: max(DEFAULT_RELATED_CARDS, picked_count)]


@cache
def live_tags() -> QuerySet[Tag]:
    """Tags of live articles. A tag of unpublished articles only is not public."""
    # One article of each tag, by a subquery: a join would read all tags of all articles.
    tagged = Article.objects.live().filter(taggings__tag=OuterRef("pk")).values("pk")[:1]
    return Tag.objects.alias(article=Subquery(tagged)).filter(article__isnull=False)


# -- the layout of the site's pages ---------------------------------------------------------------


class Layout(NamedTuple):
    """What every page of the site shows, as its templates take it."""

    masthead: dict[str, Any]
    sections: list[dict[str, str]]


class LayoutSection(ReadModel):
    """A section, and with it the masthead."""

    slug: str
    name: str
    masthead_row: str | None


@cache
def layout_query() -> CompiledQuery[LayoutSection]:
    sections = Section.objects.annotate(masthead_row=masthead_json()).order_by("position", "pk")
    return CompiledQuery(read_as(sections, LayoutSection))


def current_layout() -> Layout:
    """The layout. One query, and another where there are no sections."""
    if not (rows := layout_query().fetch()):
        return Layout(represent_masthead(Masthead.current()), [])
    return Layout(masthead_of_row(rows[0].masthead_row), [menu_item(vars(row)) for row in rows])


def layout_of(row: LayoutRow) -> Layout:
    """The layout that was read with this row."""
    return Layout(
        masthead_of_row(row.masthead_row), list(map(menu_item, orjson.loads(row.section_rows)))
    )


def menu_item(section: dict[str, Any]) -> dict[str, str]:
    return {"url": section_path(section["slug"]), "name": section["name"]}


def masthead_of_row(text: str | None) -> dict[str, Any]:
    """The masthead as JSON has it, with its days as dates; the default one where there is none."""
    if text is None:
        return represent_masthead(Masthead())
    row: dict[str, Any] = orjson.loads(text)
    days = {name: date.fromisoformat(row[name]) for name in MASTHEAD_DAYS if row[name]}
    return row | days


def represent_masthead(masthead: Masthead) -> dict[str, Any]:
    return {name: getattr(masthead, name) for name in MASTHEAD_COLUMNS}
