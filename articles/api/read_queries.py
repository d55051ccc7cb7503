"""The roads readers take most, built once: putting these queries together costs more than asking
them (docs/performance.md). A queryset is never changed by what is asked of it, so all may share it.
"""

from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery

from articles.models import Article, Tag
from articles.querysets import ArticleQuerySet
from newsroom.db.compiled_queries import Asked, Prepared
from newsroom.http.cache_control import LATE

BESIDE, MOST_PICKED = 5, 10


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
def pages_at() -> Prepared[Article]:
    pages = Article.objects.live().as_pages()
    return Prepared(pages.filter(slug=Asked("slug", CharField())))


def live_page(slug: str) -> Article | None:
    """The live article at this address with all that its page shows but the related cards. One query."""
    return next(iter(pages_at().ask(slug=slug)), None)


@cache
def pages_with() -> Prepared[Article]:
    pages = Article.objects.live().as_pages()
    return Prepared(pages.filter(poll=Asked("poll", BigIntegerField())).order_by("pk"))


def live_page_with(poll: int) -> Article | None:
    """The live article that carries this poll, likewise."""
    if poll > BigIntegerField.MAX_BIGINT:  # more than SQLite takes for a number
        return None
    return next(iter(pages_with().ask(poll=poll)), None)


@cache
def asked_beside(most: int) -> Prepared[Article]:
    return Prepared(Article.objects.as_cards().beside(Asked("article", BigIntegerField()))[:most])


def stories_beside(article: Article, *, most: int = MOST_PICKED) -> list[Article]:
    """The cards beside an article, which is a `live_page()`: what editors picked, and as many near
    it as are missing to five. One query."""
    wanted = max(BESIDE, min(article.pick_count, most))
    cards = asked_beside(wanted).ask(article=article.pk)
    picked = sum(card.pick is not None for card in cards)
    return cards[: max(BESIDE, picked)]


@cache
def live_tags() -> QuerySet[Tag]:
    """Tags that a live article carries; one that only waits for its stories tells nobody of them."""
    # One story of each, so that no database puts all tags of all stories together.
    carrying = Article.objects.live().filter(taggings__tag=OuterRef("pk")).values("pk")[:1]
    return Tag.objects.alias(story=Subquery(carrying)).filter(story__isnull=False)


def next_change(now: datetime) -> datetime | None:
    """When the next story comes down, by plan (newsroom/http/cache_control.py)."""
    shown = Article.objects.filter(live__isnull=False, expires_at__gt=now - LATE)
    return shown.order_by("expires_at").values_list("expires_at", flat=True).first()
