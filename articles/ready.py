"""The roads readers take most, built once: putting these queries together costs more than asking
them (docs/performance.md). A queryset is never changed by what is asked of it, so all may share it.
"""

from functools import cache

from django.db.models import QuerySet

from articles.models import Article, Tag
from articles.querysets import ArticleQuerySet


@cache
def live_cards() -> ArticleQuerySet:
    """Live articles, each with what a card shows."""
    return Article.objects.live().as_cards()


@cache
def live_pages() -> ArticleQuerySet:
    """Live articles, each with all that its page shows but the related cards."""
    return Article.objects.live().as_pages()


@cache
def live_tags() -> QuerySet[Tag]:
    """Tags that a live article carries; one that only waits for its stories tells nobody of them."""
    return Tag.objects.filter(taggings__article__in=Article.objects.live()).distinct()
