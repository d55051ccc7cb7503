"""The roads readers take most, built once: putting these queries together costs more than asking
them (docs/performance.md). A queryset is never changed by what is asked of it, so all may share it.
"""

from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery

from articles.models import Article, Tag
from articles.models.querysets import ArticleQuerySet
from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.http.cache_control import OVERDUE_TOLERANCE

DEFAULT_RELATED_CARDS, MAX_PICKED_CARDS = 5, 10


@cache
def live_cards() -> ArticleQuerySet:
    """Live articles, each with what a card shows."""
    return Article.objects.live().as_cards()


@cache
def live_sparse_cards(parts: frozenset[str]) -> ArticleQuerySet:
    """Live articles, each with the words of a card and of what costs more these parts of `COSTLY`."""
    return Article.objects.live().as_sparse_cards(parts)


@cache
def live_feed_entries(full: bool) -> ArticleQuerySet:
    """Live articles, each with what an entry of a feed shows; with its whole text or without."""
    return Article.objects.live().as_feed_entries(full=full)


@cache
def page_by_slug_query() -> CompiledQuery[Article]:
    pages = Article.objects.live().as_pages()
    return CompiledQuery(pages.filter(slug=Param("slug", CharField())))


def live_page(slug: str) -> Article | None:
    """The live article at this address with all that its page shows but the related cards. One query."""
    return next(iter(page_by_slug_query().fetch(slug=slug)), None)


@cache
def page_by_poll_query() -> CompiledQuery[Article]:
    pages = Article.objects.live().as_pages()
    return CompiledQuery(pages.filter(poll=Param("poll", BigIntegerField())).order_by("pk"))


def live_page_with_poll(poll_id: int) -> Article | None:
    """The live article that carries this poll, likewise."""
    if poll_id > BigIntegerField.MAX_BIGINT:  # more than SQLite takes for a number
        return None
    return next(iter(page_by_poll_query().fetch(poll=poll_id)), None)


@cache
def related_cards_query(limit: int) -> CompiledQuery[Article]:
    return CompiledQuery(
        Article.objects.as_cards().related_to(Param("article", BigIntegerField()))[:limit]
    )


def related_cards(article: Article, *, max_picked: int = MAX_PICKED_CARDS) -> list[Article]:
    """The cards beside an article, which is a `live_page()`: what editors picked, and as many near
    it as are missing to five. One query."""
    wanted = max(DEFAULT_RELATED_CARDS, min(article.pick_count, max_picked))
    cards = related_cards_query(wanted).fetch(article=article.pk)
    picked = sum(card.pick is not None for card in cards)
    return cards[: max(DEFAULT_RELATED_CARDS, picked)]


@cache
def live_tags() -> QuerySet[Tag]:
    """Tags that a live article carries; one that only waits for its stories tells nobody of them."""
    # One story of each, so that no database puts all tags of all stories together.
    carrying = Article.objects.live().filter(taggings__tag=OuterRef("pk")).values("pk")[:1]
    return Tag.objects.alias(story=Subquery(carrying)).filter(story__isnull=False)


def next_change(now: datetime) -> datetime | None:
    """When the next story comes down, by plan (newsroom/http/cache_control.py)."""
    shown = Article.objects.filter(live__isnull=False, expires_at__gt=now - OVERDUE_TOLERANCE)
    return shown.order_by("expires_at").values_list("expires_at", flat=True).first()
