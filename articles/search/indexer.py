"""Search takes in what is live, after it was published, and lets go of what is live no more.

Nothing here is needed for readers not to find what is not live (every search asks that itself); it is
needed for them to find what is.  What is left to do says a partial index (`NOT_INDEXED`), so that it
costs nothing to look; any number of workers may, since each passes over what another holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from articles.models import NOT_INDEXED, Article, SearchRow
from articles.search.autocomplete import remove_suggested_words, update_suggested_words
from articles.search.backends import write_documents
from articles.search.documents import build_documents

MAX_ARTICLES_PER_BATCH = 25  # held together, and for a moment not to be published anew
LOCKED_COLUMNS = ("pk", "live", "section", "first_published_at")


@dataclass
class IndexResult:
    """How many articles search has taken in, and let go of."""

    taken: int = 0
    gone: int = 0

    def __add__(self, other: "IndexResult") -> "IndexResult":
        return IndexResult(self.taken + other.taken, self.gone + other.gone)

    def __bool__(self) -> bool:
        return bool(self.taken or self.gone)

    def __str__(self) -> str:
        return f"{self.taken} taken in, {self.gone} let go of"


def sync_index(*, batch_size: int = MAX_ARTICLES_PER_BATCH) -> IndexResult:
    """Take in a few stories that search does not know as readers see them; nothing once none is left."""
    return remove_articles(Article.objects.filter(NOT_INDEXED), batch_size) + index_articles(
        Article.objects.live().filter(NOT_INDEXED), batch_size
    )


def index_backlog(*, limit: int | None = None) -> int:
    """How many stories search has still to take in or let go of, counted no further than `at_most`."""
    # In order, so that PostgreSQL, which takes most stories for such, reads the index that holds the few.
    return Article.objects.filter(NOT_INDEXED).order_by("pk")[:limit].count()


@transaction.atomic
def remove_articles(articles: QuerySet[Article, Article], batch_size: int) -> IndexResult:
    """Forget those of these articles that are shown no more."""
    held = [row.pk for row in lock_rows_to_index(articles.filter(live__isnull=True), batch_size)]
    if held:
        SearchRow.objects.filter(article__in=held).delete()
        remove_suggested_words(held)
        mark_indexed(held)
    return IndexResult(gone=len(held))


@transaction.atomic
def index_articles(
    articles: QuerySet[Article, Article], batch_size: int, *, wait_for_locks: bool = False
) -> IndexResult:
    """Take in the words of these live articles, as they are now."""
    held = lock_rows_to_index(articles, batch_size, wait_for_locks=wait_for_locks)
    if held:
        write_documents(build_documents(held))
        update_suggested_words(held)
        mark_indexed([article.pk for article in held])
    return IndexResult(taken=len(held))


def lock_rows_to_index(
    articles: QuerySet[Article, Article], batch_size: int, *, wait_for_locks: bool = False
) -> list[Article]:
    """So many of them, held until the transaction ends; those that somebody else holds are passed over,
    or waited for."""
    locked = articles.select_for_update(skip_locked=not wait_for_locks, no_key=True, of=("self",))
    return list(locked.order_by("pk").only(*LOCKED_COLUMNS)[:batch_size])


def mark_indexed(article_ids: Sequence[int]) -> None:
    held: Any = Article.objects.filter(pk__in=article_ids)
    held.update(indexed=Coalesce(F("live_id"), Value(0)))


def reindex_articles(
    after: int, *, batch_size: int = MAX_ARTICLES_PER_BATCH
) -> tuple[int, IndexResult]:
    """Take in once more the next live articles behind this number, whatever search knows of them; the
    last one's number, 0 once there is none. Each keeps its former words until the new ones stand."""
    numbers = list(
        Article.objects.live()
        .filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:batch_size]
    )
    if not numbers:
        return 0, IndexResult()
    again = Article.objects.live().filter(pk__in=numbers)
    return numbers[-1], index_articles(again, batch_size, wait_for_locks=True)
