"""Read queries of public articles, built or compiled once per process and reused.

Building these querysets costs more than running them (docs/performance.md). A queryset is immutable, so
that all callers can share it.
"""

from collections.abc import Collection
from functools import cache
from uuid import UUID

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery

from articles.body_blocks import BoxedLink, boxed_ids, fill_related_boxes
from articles.models import Article, Tag
from articles.models.querysets import ArticleQuerySet
from articles.models.read_models import ArticleCard, ArticlePage, FeedEntry
from newsroom.db.compiled_queries import CompiledQuery, Param

DEFAULT_RELATED_CARDS, MAX_PICKED_CARDS = 5, 10


@cache
def live_cards() -> ArticleQuerySet[ArticleCard]:
    """Live articles with everything a card shows."""
    return Article.objects.live().as_cards()


@cache
def live_sparse_cards(parts: frozenset[str]) -> ArticleQuerySet[ArticleCard]:
    """Live articles with the texts of a card, and of EXPENSIVE_CARD_FIELDS these `parts`."""
    return Article.objects.live().as_sparse_cards(parts)


@cache
def live_feed_entries(full: bool) -> ArticleQuerySet[FeedEntry]:
    """Live articles with everything a feed entry shows, with the full text or without."""
    return Article.objects.live().as_feed_entries(full=full)


@cache
def page_by_slug_query() -> CompiledQuery[ArticlePage]:
    pages = Article.objects.live().as_pages()
    return CompiledQuery(pages.filter(slug=Param("slug", CharField())))


def live_page(slug: str) -> ArticlePage | None:
    """The live article with this slug, with all of its page but the related cards. One query, and one more
    for the related boxes of its body."""
    page = next(iter(page_by_slug_query().fetch(slug=slug)), None)
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
