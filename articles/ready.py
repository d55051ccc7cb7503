"""The roads readers take most, built once: putting these queries together costs more than asking
them (docs/performance.md). A queryset is never changed by what is asked of it, so all may share it.
"""

from functools import cache

from articles.models import Article
from articles.querysets import ArticleQuerySet


@cache
def live_cards() -> ArticleQuerySet:
    """Live articles, each with what a card shows."""
    return Article.objects.live().as_cards()


@cache
def live_pages() -> ArticleQuerySet:
    """Live articles, each with all that its page shows but the related cards."""
    return Article.objects.live().as_pages()
